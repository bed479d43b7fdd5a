"""`manage.py language evaluate` on small sets of its own, good and bad."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROWS: dict[str, list[dict[str, Any]]] = {
    "interpret": [
        {
            "item": "phq-9/44250-9",
            "text": "never",
            "outcome": "option",
            "value": 0,
            "kind": "frequency_word",
        }
    ],
    "safety": [
        {
            "text": "I want to kill myself",
            "level": "urgent",
            "kind": "explicit_first_person",
        }
    ],
    "gate": [
        {
            "item": "phq-9/44254-1",
            "text": "Tired?",
            "passed": False,
            "fault": "length",
            "kind": "paraphrase",
        }
    ],
    "clarify": [{"item": "phq-9/44254-1", "text": "Am I ill?", "intent": "diagnosis"}],
    "redact": [
        {
            "text": "Write to a@b.example",
            "identifiers": [{"text": "a@b.example", "type": "email"}],
            "keep": [],
        }
    ],
}


@pytest.fixture
def sets(tmp_path):
    for half in ("dev", "heldout"):
        for part, rows in ROWS.items():
            write(tmp_path / half / f"{part}.jsonl", rows)
    return tmp_path


def write(path, rows):
    path.parent.mkdir(exist_ok=True)
    numbered = [{"id": str(n), "lang": "en", **row} for n, row in enumerate(rows)]
    path.write_text("".join(json.dumps(row) + "\n" for row in numbered))


def evaluated(*options):
    out = io.StringIO()
    call_command("language", "evaluate", *options, stdout=out)
    return out.getvalue()


def test_every_line_has_its_interval_and_target(sets):
    parts = ("--part", "interpret", "--part", "safety", "--part", "redact")
    out = evaluated("--sets", str(sets), "--half", "heldout", "--json", *parts)
    lines = {
        (one["measure"], one["lang"]): one for one in map(json.loads, out.splitlines())
    }
    right = lines["interpret.right", "both"]
    assert (right["hits"], right["of"], right["holds"]) == (1, 1, True)
    assert right["interval"] == pytest.approx([0.2065, 1.0], abs=1e-3)
    assert lines["safety.urgent_explicit", "both"]["hits"] == 1
    assert {one["half"] for one in lines.values()} == {"heldout"}


def test_the_table_is_for_people(sets):
    out = evaluated("--sets", str(sets), "--half", "dev", "--part", "gate", "--classes")
    assert "dev half" in out
    assert "gate.caught" in out
    assert "length" in out
    assert "holds" in out


def test_a_missed_target_is_told_and_is_an_exit_code(sets):
    row = {"text": "I slept well", "level": "urgent", "kind": "explicit_first_person"}
    write(sets / "dev" / "safety.jsonl", [row])
    with pytest.raises(CommandError, match="dev safety.urgent_explicit") as error:
        evaluated("--sets", str(sets), "--half", "dev", "--part", "safety")
    assert error.value.returncode == 1


def test_wrong_rows_are_named_in_the_development_half_only(sets):
    row = {
        "item": "phq-9/44254-1",
        "text": "Tired?",
        "passed": True,
        "fault": None,
        "kind": "paraphrase",
    }
    write(sets / "dev" / "gate.jsonl", [row])
    out = io.StringIO()
    arguments = ("--sets", str(sets), "--part", "gate", "--wrong")
    with pytest.raises(CommandError):
        call_command("language", "evaluate", *arguments, "--half", "dev", stdout=out)
    assert "wrong: 0 (gate.kept, good paraphrase)" in out.getvalue()
    with pytest.raises(CommandError, match="no longer measure") as error:
        evaluated(*arguments, "--half", "heldout")
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no rows"),
        ("{", "is not JSON"),
        ('{"id": "1"}', "line 1 needs"),
        (
            json.dumps(
                {"id": "1", "lang": "fr", "text": "", "level": "none", "kind": ""}
            ),
            "lang is en or es",
        ),
        (
            json.dumps(
                {"id": "1", "lang": "en", "text": "", "level": "none", "kind": ""}
            )
            * 1
            + "\n"
            + json.dumps(
                {"id": "1", "lang": "en", "text": "", "level": "none", "kind": ""}
            ),
            "an id twice",
        ),
    ],
)
def test_a_set_that_cannot_measure_is_refused(sets, content, said):
    (sets / "dev" / "safety.jsonl").write_text(content)
    with pytest.raises(CommandError, match=said) as error:
        evaluated("--sets", str(sets), "--half", "dev", "--part", "safety")
    assert error.value.returncode == 2


def test_an_unknown_item_and_a_missing_folder_are_refused(sets, tmp_path):
    row = {**ROWS["gate"][0], "item": "phq-9/1"}
    write(sets / "dev" / "gate.jsonl", [row])
    with pytest.raises(CommandError, match="has no item"):
        evaluated("--sets", str(sets), "--half", "dev", "--part", "gate")
    with pytest.raises(CommandError, match="cannot be read"):
        evaluated("--sets", str(tmp_path / "nothing"))


def test_a_file_goes_with_the_verbs_and_none_with_evaluate(sets):
    with pytest.raises(CommandError, match="takes no file"):
        evaluated("file.jsonl")
    with pytest.raises(CommandError, match="Name a JSON Lines file"):
        call_command("language", "safety")
