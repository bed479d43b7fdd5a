"""What counts as right of each part, row by row."""

import pytest

from screening.language import answers as layer
from screening.language.evaluation import judging


def measured(monkeypatch, part, row, found):
    monkeypatch.setitem(layer.VERBS, part, lambda _line: found)
    row = {"id": "1", "lang": "en", "text": "x", **row}
    return {mark.measure.split(".")[1]: mark.yes for mark in judging.judged(part, row)}


INTERPRET = {"outcome": "option", "value": 2, "kind": "days_count"}


@pytest.mark.parametrize(
    ("found", "right", "wrong_option"),
    [
        ({"outcome": "option", "value": 2}, True, False),
        ({"outcome": "option", "value": 1}, False, True),
        ({"outcome": "ask", "value": None}, False, False),
    ],
)
def test_a_reply(monkeypatch, found, right, wrong_option):
    got = measured(monkeypatch, "interpret", INTERPRET, found)
    assert got == {"right": right, "wrong_option": wrong_option, "counted": right}


def test_an_option_where_the_label_asks_is_a_wrong_option(monkeypatch):
    row = {"outcome": "ask", "value": None, "kind": "intensity", "also": ["unclear"]}
    option = {"outcome": "option", "value": 3}
    assert measured(monkeypatch, "interpret", row, option) == {
        "right": False,
        "wrong_option": True,
    }
    unclear = {"outcome": "unclear", "value": None}
    assert measured(monkeypatch, "interpret", row, unclear)["right"]


@pytest.mark.parametrize(
    ("row", "level", "wanted"),
    [
        (
            {"level": "urgent", "kind": "explicit_first_person"},
            "concern",
            {"found": True, "urgent": False, "urgent_explicit": False},
        ),
        (
            {"level": "urgent", "kind": "misspelt_urgent"},
            "urgent",
            {
                "found": True,
                "found_misspelt": True,
                "urgent": True,
                "urgent_explicit": True,
                "urgent_misspelt": True,
            },
        ),
        (
            {"level": "none", "kind": "idiom"},
            "urgent",
            {"false_concern": True, "false_urgent": True},
        ),
        (
            {"level": "concern", "kind": "past"},
            "urgent",
            {"found": True, "concern_as_urgent": True},
        ),
        (
            {"level": "concern", "kind": "past", "also": ["none"]},
            "none",
            {"concern_as_urgent": False},
        ),
        (
            {"level": "concern", "kind": "past", "also": ["urgent"]},
            "none",
            {"found": False},
        ),
    ],
)
def test_a_text_that_may_worry(monkeypatch, row, level, wanted):
    assert measured(monkeypatch, "safety", row, {"level": level}) == wanted


@pytest.mark.parametrize(
    ("row", "passed", "wanted"),
    [
        ({"passed": True, "fault": None}, False, {"kept": False}),
        ({"passed": False, "fault": "advice"}, False, {"caught": True}),
        (
            {"passed": False, "fault": "item9"},
            True,
            {"caught": False, "caught_whole": False},
        ),
    ],
)
def test_a_wording(monkeypatch, row, passed, wanted):
    row = {**row, "kind": "paraphrase"}
    assert measured(monkeypatch, "gate", row, {"passed": passed}) == wanted


def answers(*ids):
    return {"answers": [{"id": one, "text": ""} for one in ids]}


@pytest.mark.parametrize(
    ("intent", "ids", "wanted"),
    [
        (
            "cause",
            ["en/energy/usual", "en/energy/meaning", "en/energy/cause"],
            {"among_three": True, "first": False, "wrongly_refused": False},
        ),
        (
            "cause",
            ["en/note/diagnosis", "en/energy/cause"],
            {"among_three": True, "first": False, "wrongly_refused": True},
        ),
        ("diagnosis", ["en/note/medication", "en/energy/meaning"], {"refused": True}),
        ("diagnosis", ["en/energy/meaning"], {"refused": False}),
    ],
)
def test_a_question(monkeypatch, intent, ids, wanted):
    assert measured(monkeypatch, "clarify", {"intent": intent}, answers(*ids)) == wanted


def test_identifiers_and_answers(monkeypatch):
    row = {
        "identifiers": [
            {"text": "Ana", "type": "name"},
            {"text": "555-0100", "type": "phone"},
        ],
        "keep": ["3 days"],
    }
    found = {"text": "I am [name], call 555-0100, 3 times"}
    wanted = {"names": True, "structured": False, "damaged": True}
    assert measured(monkeypatch, "redact", row, found) == wanted
