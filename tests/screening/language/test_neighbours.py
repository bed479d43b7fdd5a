"""Near a worrying example: a concern for a person, never more, never in place of a rule."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from screening.language import neighbours, safety, tables
from tests.screening.language.cast import cases

pytestmark = pytest.mark.thorough

HELDOUT = cases("crisis_heldout")
ORDINARY = cases("interpret")[1::2]  # the other half stands in the bank


def share(rows, hit):
    return sum(map(hit, rows)) / len(rows)


def found(row):
    return safety.watch(row["text"], row["lang"]).level != "none"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my family would manage better if I were out of the picture", "en"),
        ("hace días que reparto mis cosas entre mis amigos", "es"),
    ],
)
def test_indirect_words_near_an_example_are_a_concern(text, language):
    finding = safety.watch(text, language)
    assert finding.level == "concern"
    assert finding.rule_ids[0].startswith(("near:risk-", "en-", "es-"))


@pytest.mark.parametrize(
    "typed",
    ["\ufdfa" * 400, "\ufdfa " * 200, "\ud83d" * 40],
    ids=["long", "spaced", "halved"],
)
def test_odd_characters_never_end_the_process(typed):
    """In a process of its own: the embedding is C, and what it breaks is not raised."""
    run = (
        "from screening.language import neighbours as n\n"
        f"for _ in range(5): n.vectors([{typed!a}]); n.vectors(['low'])\n"
    )
    if neighbours.available():
        ran = subprocess.run([sys.executable, "-c", run], check=False)
        assert ran.returncode == 0


@pytest.mark.parametrize("text", ["", "   ", "nearly every day", "about half the days"])
def test_ordinary_answers_are_not_marked(text):
    assert safety.watch(text, "en").level == "none"


def test_rule_comes_first_and_keeps_its_level(monkeypatch):
    monkeypatch.setattr(neighbours, "nearest", lambda text, **_: 1 / 0)
    finding = safety.watch("I want to kill myself", "en")
    assert (finding.level, finding.by_example) == ("urgent", False)


def test_example_never_makes_it_urgent(monkeypatch):
    near = neighbours.Near("risk-001", "x", "nearly every day")
    monkeypatch.setattr(neighbours, "nearest", lambda text, **_: near)
    finding = safety.watch("nearly every day", "en")
    assert (finding.level, finding.by_example) == ("concern", True)
    assert finding.rule_ids == ("near:risk-001",)
    assert finding.words == ("nearly every day",)


def test_without_the_package_there_are_rules_alone(monkeypatch):
    monkeypatch.setattr(neighbours, "available", lambda: False)
    assert neighbours.nearest("everyone would be better off without me") is None


def test_texts_of_the_old_set_are_found_as_the_docs_say():
    risky = [row for row in HELDOUT if row["level"] != "none"]
    calm = [row for row in HELDOUT if row["level"] == "none"]
    assert share(risky, found) >= 0.97
    assert share(calm, found) <= 0.25


def test_few_ordinary_replies_are_marked():
    assert share(ORDINARY, found) <= 0.03


def test_texts_of_the_old_set_stand_in_no_bank():
    known = {near.text.lower() for near in neighbours.bank().examples}
    assert not known & {row["text"].lower() for row in HELDOUT}


def test_words_at_the_end_of_a_long_text_are_looked_at():
    text = "I slept badly because of the heat. " * 40
    text += "my kids would do better without me in the way"
    assert safety.watch(text, "en").level == "concern"


@pytest.mark.parametrize(
    "change",
    [
        {"side": "other"},
        {"text": " "},
        {"id": "risk-002"},
        {"more": 1},
    ],
)
def test_bank_that_cannot_be_trusted_is_refused(change, tmp_path, monkeypatch):
    content = json.loads(neighbours.BANK.read_text(encoding="utf-8"))
    row = next(row for row in content["examples"] if row["id"] == "risk-001")
    row |= change
    file = tmp_path / "crisis_bank.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(neighbours, "BANK", file)
    with pytest.raises(tables.TableError):
        neighbours.bank.__wrapped__()


def test_vectors_of_another_bank_are_refused(monkeypatch):
    monkeypatch.setattr(neighbours, "checksum", lambda: "another")
    with pytest.raises(tables.TableError, match=r"tools\.bank"):
        neighbours._learnt.__wrapped__()


def test_vectors_are_of_the_bank():
    neighbours.check()


def test_no_development_row_stands_in_the_bank():
    root = Path(__file__).parents[2] / "data" / "language" / "dev"
    lines = (root / "safety.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {json.loads(line)["text"].lower() for line in lines}
    # Three words and fewer ("varios dias") are everybody's.
    long = {text for text in rows if len(text.split()) > 3}
    assert not long & {near.text.lower() for near in neighbours.bank().examples}


def test_idioms_do_not_lead_to_an_example_but_what_stands_beside_them_does():
    assert safety.watch("qué ganas de matar esta gripe", "es").level == "none"
    beside = "this traffic is killing me. My kids would do better without me in the way"
    assert safety.watch(beside, "en").level == "concern"


def test_broken_examples_leave_the_rules_and_say_so(monkeypatch, caplog):
    def broken(text: str, **_: object) -> None:
        raise RuntimeError("the embedding does not run")

    monkeypatch.setattr(neighbours, "nearest", broken)
    assert safety.watch("nearly every day", "en").level == "none"
    assert safety.watch("I want to kill myself", "en").level == "urgent"
    assert "rules alone" in caplog.text
    # What a patient wrote is never in a log.
    assert "nearly every day" not in caplog.text
