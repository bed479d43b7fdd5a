"""The reviewed explanations: there, honest about their state, and past their own gate."""

import json

import pytest

from screening import definitions
from screening.domain.asking import INTENTS, OUTSIDE
from screening.language import explanations, gate, reading, tables, wording
from tests.screening.language.cast import item_of

NOT_REVIEWED = "written by the project, not yet reviewed by a clinician"
ITEMS = [
    pytest.param(item, instrument, id=f"{key[0]}-{key[1]}-{item.concept}")
    for key, instrument in sorted(definitions.load_all().items())
    for item in instrument.items
]
# What every item can be asked about; the rest only where it makes sense.
ALWAYS = set(INTENTS) - {"not_in_my_life"}


@pytest.mark.parametrize(("item", "instrument"), ITEMS)
def test_every_wordable_item_is_explained_whatever_is_asked(item, instrument):
    found = explanations.of_item(item, instrument)
    if not item.wordable:
        assert found == {}
        return
    assert set(found) >= ALWAYS
    assert len({text.text for text in found.values()}) == len(found)


@pytest.mark.parametrize(("item", "instrument"), ITEMS)
def test_every_explanation_passes_its_own_gate_and_reads_easily(item, instrument):
    short = tables.short(instrument.language)
    for kind, text in explanations.of_item(item, instrument).items():
        assert gate.check_explanation(text.text, item, instrument).failures == (), kind
        assert reading.grade(text.text, short) <= 8, text.text
        assert text.review_state == NOT_REVIEWED
        assert text.sources


@pytest.mark.parametrize("language", ["en", "es"])
def test_texts_are_all_there_to_be_signed(language):
    texts = explanations.texts(language)
    assert len(texts) == len({text.key for text in texts})
    assert {text.kind for text in texts} == set(INTENTS)
    assert {text.key for text in texts} <= {
        text.key for text in wording.signable(language)
    }


def test_instruments_that_share_an_item_share_its_explanations():
    phq9, phq2 = (definitions.get(name, "en") for name in ("phq-9", "phq-2"))
    assert explanations.of_item(phq9.items[0], phq9) == explanations.of_item(
        phq2.items[0], phq2
    )


@pytest.mark.parametrize("language", ["en", "es-us"])
def test_every_kind_has_a_label_and_every_refusal_a_way_to_a_person(language):
    labels = [explanations.label(kind, language) for kind in INTENTS]
    assert len(set(labels)) == len(INTENTS)
    for kind in OUTSIDE:
        said = explanations.note(kind, language).text.lower()
        assert any(word in said for word in ("person", "team", "equipo", "pharmac"))


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["labels"].pop("cause"),
        lambda c: c["notes"].pop("unmatched"),
        lambda c: c["refusals"].update(diagnosis=" "),
        lambda c: c["refusals"].update(horoscope="x"),
    ],
)
def test_a_file_with_a_gap_is_refused(change):
    content = tables.read(wording.explained("en"))
    assert explanations.checked(content, "en") == content
    content = json.loads(json.dumps(content))
    change(content)
    with pytest.raises(tables.TableError, match="must say"):
        explanations.checked(content, "en")


def test_there_are_none_in_a_language_that_is_not_shipped():
    item, instrument = item_of("energy")
    object.__setattr__(instrument, "language", "fr")
    try:
        assert explanations.of_item(item, instrument) == {}
    finally:
        object.__setattr__(instrument, "language", "en")
