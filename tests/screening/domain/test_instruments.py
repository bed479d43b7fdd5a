"""What an instrument is, and that it survives being stored."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest

from screening.domain.instruments import (
    AnswerRefused,
    DefinitionError,
    build,
    from_dict,
    text_checksum,
    to_dict,
)
from tests.screening.domain.conftest import FIXTURES, SHIPPED, read, shipped

TEXTS = sorted(
    (path.parent.name, path.stem)
    for path in (SHIPPED / "instruments").glob("*/*.json")
    if path.name != "instrument.json"
)
REFUSED = sorted((FIXTURES / "refused").glob("*.json"))


@pytest.mark.parametrize(("instrument_id", "language"), TEXTS)
def test_instrument_round_trips_through_its_snapshot(instrument_id, language):
    instrument = shipped(instrument_id, language)
    stored = json.loads(json.dumps(to_dict(instrument)))
    assert stored == to_dict(instrument)
    assert from_dict(stored) == instrument


@pytest.mark.parametrize("name", ["good", "good_triage"])
def test_instrument_fixture_round_trips(name):
    data = read(FIXTURES / f"{name}.json")
    instrument = build(data["instrument"], data["text"], file="tiny/en.json")
    assert from_dict(to_dict(instrument)) == instrument


def test_instrument_snapshot_keeps_what_was_written(tiny, tiny_data):
    stored = to_dict(tiny)
    english = tiny_data["instrument"]["items"][:4]
    assert stored["text"] == tiny_data["text"]
    assert stored["instrument"] == tiny_data["instrument"] | {"items": english}


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_build_refuses_unsafe_definition(path):
    data = read(path)
    with pytest.raises(DefinitionError) as caught:
        build(data["instrument"], data["text"], file="tiny/en.json")
    error, expected = caught.value, data["refused"]
    assert (error.place, error.reason) == (expected["place"], expected["reason"])
    assert error.file == f"tiny/{expected['file']}"
    assert str(error) == f"{error.file}: {error.place}: {error.reason}"


def test_build_refuses_what_is_no_object(tiny_data):
    with pytest.raises(DefinitionError) as caught:
        build([], tiny_data["text"], file="en.json")  # type: ignore[arg-type]
    error = caught.value
    assert (error.file, error.place) == ("instrument.json", "top")
    assert error.reason == "must be an object"


def test_from_dict_refuses_unknown_key(tiny):
    with pytest.raises(DefinitionError, match="^snapshot: extra: unknown key$"):
        from_dict(to_dict(tiny) | {"extra": 1})


def test_from_dict_names_the_place_within_the_snapshot(tiny):
    stored = to_dict(tiny)
    stored["text"]["title"] = ""
    with pytest.raises(DefinitionError, match="^kept: title: must be text"):
        from_dict(stored, file="kept")


def test_instrument_is_frozen(tiny):
    with pytest.raises(FrozenInstanceError):
        tiny.title = "Other"


@pytest.mark.parametrize(
    ("instrument_id", "low", "high", "scored"),
    [
        ("phq-9", 0, 27, 9),
        ("gad-7", 0, 21, 7),
        ("phq-8", 0, 24, 8),
        ("phq-4", 0, 12, 4),
        ("phq-2", 0, 6, 2),
        ("gad-2", 0, 6, 2),
        ("asq", 0, 0, 0),
    ],
)
def test_instrument_range(instrument_id, low, high, scored):
    instrument = shipped(instrument_id)
    assert (instrument.minimum, instrument.maximum) == (low, high)
    assert len(instrument.scored_items) == scored
    assert instrument.short_name == instrument_id.upper()


def test_item_option_is_found_by_value(phq9):
    option = phq9.item("/44260-8").option(2)
    assert (option.text, option.code) == ("More than half the days", "LA6570-1")


@pytest.mark.parametrize("value", [4, -1, True, "1", 1.0, None])
def test_item_option_refuses_other_values(phq9, value):
    with pytest.raises(AnswerRefused) as caught:
        phq9.items[0].option(value)
    assert str(caught.value) == f"Item 1 takes one of 0, 1, 2, 3, not {value!r}."


def test_item_of_another_instrument_is_refused(phq9):
    with pytest.raises(AnswerRefused, match="^The PHQ-9 has no item 'asq-1'.$"):
        phq9.item("asq-1")


def test_options_keep_the_order_of_the_form(asq):
    assert [option.text for option in asq.items[0].options] == ["Yes", "No"]


def test_band_carries_its_source(tiny):
    assert {band.source for band in tiny.bands} == {"A study"}


def test_option_without_code_has_no_code_system(tiny):
    scored, difficulty = tiny.items[0].options[0], tiny.items[3].options[0]
    assert scored.code_system == "http://loinc.org"
    assert difficulty.code_system is None


def test_code_system_without_a_code_is_dropped(tiny_data):
    tiny_data["instrument"]["options"]["hard"]["code_system"] = "http://loinc.org"
    built = build(tiny_data["instrument"], tiny_data["text"], file="en.json")
    assert built.items[3].options[0].code_system is None


def test_partly_coded_options_round_trip(tiny_data):
    for choice in tiny_data["instrument"]["options"]["often"]["choices"][:2]:
        choice["code"] = None
    built = build(tiny_data["instrument"], tiny_data["text"], file="en.json")
    assert from_dict(to_dict(built)) == built


@pytest.mark.parametrize("change", ["title", "instruction", "text", "option", "order"])
def test_checksum_covers_all_that_a_patient_reads(tiny, change):
    title, instruction, items = tiny.title, tiny.instruction, list(tiny.items)
    if change == "title":
        title += "."
    elif change == "instruction":
        instruction += "."
    elif change == "text":
        items[3] = replace(items[3], text="Other")
    elif change == "option":
        options = items[0].options
        items[0] = replace(items[0], options=options[::-1])
    else:
        items.reverse()
    assert text_checksum(title, instruction, items) != tiny.checksum


def test_checksum_is_stable(tiny):
    known = "7e8d56a88fe96455e0853b9eb14bf04fd81093593a1fe43e2e76d3f4b4276598"
    assert text_checksum(tiny.title, tiny.instruction, tiny.items) == known
