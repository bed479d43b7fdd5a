"""Models and prompts side by side, asked through the one door of a real server."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from tests.fakes.model_server import ModelServer
from tests.screening.language.evaluation.test_command import write

ITEM = "phq-9/44254-1"
ROWS = {
    "interpret": [
        {
            "item": ITEM,
            "text": "like 3 of the days",
            "outcome": "option",
            "value": 1,
            "kind": "story",
        },
        {
            "item": ITEM,
            "text": "hard to say",
            "outcome": "unclear",
            "value": None,
            "kind": "story",
        },
    ],
    "clarify": [
        {"item": ITEM, "text": "What does little energy mean?", "intent": "meaning"},
        {"item": ITEM, "text": "Am I ill?", "intent": "diagnosis"},
    ],
}


@pytest.fixture
def compared(tmp_path, settings):
    for part, rows in ROWS.items():
        write(tmp_path / "dev" / f"{part}.jsonl", rows)

    def run(behaviour, *options):
        out = io.StringIO()
        with ModelServer(behaviour) as server:
            settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = server.url, "one"
            settings.LANGUAGE_ENABLED = True
            arguments = ("--sets", str(tmp_path), "--half", "dev", "--json")
            parts = ("--part", "interpret", "--part", "clarify")
            try:
                call_command(
                    "language", "evaluate", *arguments, *parts, *options, stdout=out
                )
            except CommandError as error:
                assert error.returncode == 1  # noqa: PT017 small sets may miss a target
            asked = [request["model"] for request in server.requests]
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        return [line for line in lines if "comparison" in line], asked

    return run


def test_each_model_meets_each_prompt_with_latency_and_cost(compared, settings):
    settings.LANGUAGE_PRICE_IN = settings.LANGUAGE_PRICE_OUT = Decimal(2)
    lines, asked = compared("good", "--models", "one,two")
    assert [(line["prompt"].split("-")[0], line["model"]) for line in lines] == [
        ("interpret", "one"),
        ("interpret", "two"),
        ("clarify", "one"),
        ("clarify", "two"),
    ]
    # A question that no explanation may answer goes to no model.
    clarified = lines[2]
    assert clarified["usable"] == {"hits": 1, "of": 1}
    assert clarified["right"] == {"hits": 0, "of": 0}
    assert clarified["tokens"] == 250
    assert float(clarified["cost"]) == pytest.approx(250 * 2 / 1_000_000)
    assert clarified["latency_ms"]["p50"] > 0
    assert (asked.count("one"), asked.count("two")) == (3, 3)


def test_what_the_gate_refuses_is_not_usable(compared):
    lines, _ = compared("advice", "--prompts", "clarify-2")
    (line,) = lines
    assert line["usable"] == {"hits": 0, "of": 1}
    assert line["cost"] is None


def test_a_model_that_is_down_is_asked_about_every_row_all_the_same(compared):
    lines, asked = compared("down", "--prompts", "interpret-1")
    assert lines[0]["usable"] == {"hits": 0, "of": 2}
    assert len(asked) >= 2


def test_the_refusal_names_the_prompts(tmp_path, settings):
    for part, rows in ROWS.items():
        write(tmp_path / "dev" / f"{part}.jsonl", rows)
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "http://127.0.0.1:9/v1", "one"
    settings.LANGUAGE_ENABLED = True
    arguments = ("--sets", str(tmp_path), "--half", "dev", "--part", "clarify")
    with pytest.raises(CommandError, match="clarify-2") as error:
        call_command("language", "evaluate", *arguments, "--prompts", "clarify-99")
    assert error.value.returncode == 2


def test_without_a_model_the_table_says_so(tmp_path):
    write(tmp_path / "dev" / "interpret.jsonl", ROWS["interpret"])
    out = io.StringIO()
    arguments = ("--sets", str(tmp_path), "--half", "dev", "--part", "interpret")
    call_command("language", "evaluate", *arguments, stdout=out)
    assert "were not compared" in out.getvalue()


def test_no_rows_wanted_are_no_calls(compared):
    assert compared("good", "--rows", "0") == ([], [])
