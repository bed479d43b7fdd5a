"""The shipped help: there for every item that may be worded, honest about its state."""

import json

import pytest

from screening import definitions
from screening.domain.wordings import Level
from screening.language import reading, tables, wording
from tests.screening.language.cast import item_of

NOT_REVIEWED = "written by the project, not yet reviewed by a clinician"
AWAITING = "written by the project, awaiting your clinic’s sign-off"
WORDABLE = [
    (item, instrument)
    for instrument in definitions.load_all().values()
    for item in instrument.items
    if item.wordable
]


@pytest.mark.parametrize("level", Level)
def test_every_wordable_item_has_a_wording_at_each_level(level):
    for item, instrument in WORDABLE:
        found = wording.wording(item, instrument, level)
        assert found is not None, (instrument.id, item.concept)
        assert (found.concept, found.level) == (item.concept, level)
        assert found.sources
        assert found.review_state == AWAITING


def test_every_wordable_item_has_an_explanation():
    for item, instrument in WORDABLE:
        found = wording.explanation(item, instrument)
        assert found is not None, (instrument.id, item.concept)
        assert found.level is None
        assert found.review_state == NOT_REVIEWED


def test_easy_is_never_harder_than_plain():
    for item, instrument in WORDABLE:
        short = tables.short(instrument.language)
        plain, easy = (
            reading.grade(wording.wording(item, instrument, level).text, short)
            for level in (Level.PLAIN, Level.EASY)
        )
        assert easy <= plain, (item.concept, short)


@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_signable_texts_have_keys_of_their_own(language):
    texts = wording.signable(language)
    assert len({text.key for text in texts}) == len(texts)
    for level in Level:
        assert sum(text.level is level for text in texts) == 16
    assert {text.language for text in texts} == {language}


def test_instruments_that_share_an_item_share_its_help():
    phq9, phq2 = (definitions.get(name, "en") for name in ("phq-9", "phq-2"))
    assert wording.plainer(phq9.items[0], phq9) == wording.plainer(phq2.items[0], phq2)


def test_languages_have_keys_and_checksums_of_their_own():
    english = wording.plainer(*item_of("mood", "en"))
    spanish = wording.plainer(*item_of("mood", "es-US"))
    assert english.key != spanish.key
    assert english.checksum != spanish.checksum


GOOD = {
    "version": "1",
    "source": "s",
    "reviewed": None,
    "review_state": NOT_REVIEWED,
    "concepts": {
        "mood": {
            "plain": {"text": "A", "sources": ["s"]},
            "easy": {"text": "B", "sources": ["s"]},
        }
    },
}
KINDS = {"plain": "plainer", "easy": "easier"}


def written(tmp_path, change):
    content = json.loads(json.dumps(GOOD))
    change(content)
    path = tmp_path / "wordings.en.json"
    path.write_text(json.dumps(content))
    return path


def test_read_book_takes_a_good_file(tmp_path):
    path = written(tmp_path, lambda content: None)
    texts = wording.read_book(path, "en", KINDS).texts
    assert [text.key for text in texts.values()] == [
        "en/mood/plainer",
        "en/mood/easier",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: c.pop("source"), "source"),
        (lambda c: c.pop("review_state"), "review_state"),
        (lambda c: c["concepts"]["mood"].pop("easy"), "mood, easy"),
        (lambda c: c["concepts"]["mood"].update(other={}), "other: is not known"),
        (lambda c: c["concepts"]["mood"]["plain"].update(text=" "), "empty"),
        (lambda c: c["concepts"]["mood"]["plain"].update(sources=[]), "no source"),
        (lambda c: c["concepts"]["mood"]["plain"].update(extra=1), "nothing else"),
        (lambda c: c.update(concepts={}), "no texts"),
    ],
)
def test_read_book_refuses_a_gap_and_says_where(tmp_path, change, reason):
    with pytest.raises(tables.TableError, match=reason):
        wording.read_book(written(tmp_path, change), "en", KINDS)


def test_read_refuses_what_is_no_json(tmp_path):
    path = tmp_path / "crisis.en.json"
    path.write_text("{")
    with pytest.raises(tables.TableError, match="crisis.en.json"):
        tables.read(path)


def test_compiled_refuses_an_unknown_part():
    with pytest.raises(tables.TableError, match="NOBODY"):
        tables.compiled(("<NOBODY> x",), {}, place="here")


def test_a_kind_may_be_missing_only_where_that_is_said(tmp_path):
    path = written(tmp_path, lambda c: c["concepts"]["mood"].pop("easy"))
    texts = wording.read_book(path, "en", KINDS, optional=["easy"]).texts
    assert [text.kind for text in texts.values()] == ["plainer"]
    with pytest.raises(tables.TableError, match="mood, easy"):
        wording.read_book(path, "en", KINDS)
