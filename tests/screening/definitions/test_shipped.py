"""The shipped definitions: all load, and their texts are the ones transcribed."""

import json

import pytest

from screening import definitions
from screening.definitions.files import ROOT
from screening.domain.reading import TRANSCRIBED

# A changed official text changes its checksum: then it is a new version, not an edit.
CHECKSUMS = {
    ("asq", "en"): "512426043efa56fed5040965d789a70df9d7fd725eb11e53fbec1c88cadd7b3d",
    ("gad-2", "en"): "9b5a57054c42757a5019491cee31b15cbd7cb184d7fb96ca2b065949cd005bad",
    ("gad-7", "en"): "16852d6b4c90adb71b7b216be5c1ba6359d529295aaf38a2f06bc27462baf32e",
    (
        "gad-7",
        "es-US",
    ): "0fcd600ac3df0b7a8eaa48be36be7277458b9cf109115b4288304ed667172176",
    ("phq-2", "en"): "7dc9e61d821825d4e42701d80642c9e94f98fe572ef8d1cd08296e6ad5df5d64",
    ("phq-4", "en"): "5e9ea7f8d1fa2fba79e1f3b11956058b7aa5b25b076f92b7688a10b780d2d67b",
    ("phq-8", "en"): "8de9c1a61ba24f954f590d95acd0cc1f921b53bc9e62091554c8eb9eba2f9bd9",
    ("phq-9", "en"): "658eca86bb2f2a22c327f63018507039ccaf3edfece36bf2a27122af61de134d",
    (
        "phq-9",
        "es-US",
    ): "96ef24294c4727b14c61bce1fca8ab46e3cb620f3ce50571132eac87670c59ee",
}
DIFFICULTY = "/69722-7"


@pytest.fixture(params=sorted(CHECKSUMS), ids="-".join)
def instrument(request):
    return definitions.get(*request.param)


def test_shipped_definitions_are_safe():
    assert [str(problem) for problem in definitions.problems()] == []


def test_shipped_instruments_and_languages():
    assert set(definitions.load_all()) == set(CHECKSUMS)


def test_shipped_texts_are_unchanged(instrument):
    assert instrument.checksum == CHECKSUMS[instrument.id, instrument.language]
    assert instrument.version == "2026.1"


def test_shipped_review_state_is_honest(instrument):
    assert instrument.review_state == instrument.text_review_state == TRANSCRIBED
    reviewers = {instrument.reviewed_by, instrument.text_reviewed_by}
    assert reviewers == {None}


def test_shipped_licence_allows_shipping(instrument):
    expected = "public_domain" if instrument.id == "asq" else "free"
    assert instrument.licence.status == expected
    assert instrument.licence.attribution


def test_safety_items_are_never_reworded(instrument):
    safety = {item.link_id for item in instrument.items if item.safety}
    expected = {"phq-9": {"/44260-8"}, "asq": {f"asq-{n}" for n in range(1, 6)}}
    assert safety == expected.get(instrument.id, set())
    assert {item.link_id for item in instrument.items if not item.wordable} == safety


def test_frequency_options_are_the_official_ones(instrument):
    english = ["Not at all", "Several days", "More than half the days"]
    spanish = ["Ningún día", "Varios días", "Más de la mitad de los días"]
    expected = {"en": [*english, "Nearly every day"]}
    expected["es-US"] = [*spanish, "Casi todos los días"]
    codes = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
    for item in instrument.scored_items:
        texts = [option.text for option in item.options]
        assert texts == expected[instrument.language]
        assert [option.value for option in item.options] == [0, 1, 2, 3]
        assert [option.code for option in item.options] == codes


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_difficulty_options_keep_their_crossed_codes(language):
    item = definitions.get("phq-9", language).item(DIFFICULTY)
    codes = [option.code for option in item.options]
    assert codes == ["LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3"]
    assert (item.answer_list, item.scored, item.required) == ("LL359-1", False, False)


def test_gad7_difficulty_is_english_only_and_outside_the_panel():
    english = definitions.get("gad-7", "en")
    assert not english.item(DIFFICULTY).code_in_panel
    spanish = definitions.get("gad-7", "es-US")
    assert DIFFICULTY not in [item.link_id for item in spanish.items]
    assert len(spanish.items) == 7


@pytest.mark.parametrize(
    ("instrument_id", "panel", "total"),
    [
        ("phq-9", "44249-1", "44261-6"),
        ("gad-7", "69737-5", "70274-6"),
        ("phq-2", "55757-9", "55758-7"),
        ("phq-4", "69724-3", "70272-0"),
        ("gad-2", None, None),
        ("phq-8", None, None),
        ("asq", None, None),
    ],
)
def test_codes_are_given_or_null_never_guessed(instrument_id, panel, total):
    instrument = definitions.get(instrument_id, "en")
    assert (instrument.loinc_panel, instrument.total_code) == (panel, total)


def test_asq_is_asked_by_staff_and_has_no_follow_up_texts():
    asq = definitions.get("asq", "en")
    assert not asq.self_administered
    assert {item.code for item in asq.items} == {None}
    texts = [item.text for item in asq.items]
    assert not any("How?" in text or "When?" in text for text in texts)
    assert texts[3] == "Have you ever tried to kill yourself?"


def test_all_others_are_answered_by_the_patient():
    by_staff = {
        i.id for i in definitions.load_all().values() if not i.self_administered
    }
    assert by_staff == {"asq"}


def test_no_treatment_advice_is_shipped():
    for path in (ROOT / "instruments").glob("*/*.json"):
        text = path.read_text(encoding="utf-8").lower()
        assert '"action"' not in text
        assert "pharmacotherapy" not in text
        assert "low risk" not in text


def test_every_number_names_its_source():
    for path in (ROOT / "instruments").glob("*/instrument.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        assert data["sources"]
        assert bool(data["bands"]) == bool(data["bands_source"])
        assert data["missing"]["source"]


def test_only_the_phq9_may_be_prorated():
    allowed = {i.id: i.missing.max_prorated for i in definitions.load_all().values()}
    assert allowed.pop("phq-9") == 2
    assert set(allowed.values()) == {0}
