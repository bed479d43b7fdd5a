"""manage.py score: from a list of answers to a score, without a database."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]
KEYS = {"instrument", "total", "band", "complete", "prorated", "flags"}
KEYS |= {"version", "missing", "declined", "algorithm", "subscales", "triage", "at_cut"}


def run(*args):
    out = StringIO()
    call_command("score", *args, stdout=out)
    return out.getvalue()


def run_json(*args):
    return json.loads(run(*args, "--json"))


def test_score_prints_one_object():
    found = run_json("phq-9", "3,0,1,2,0,0,1,0,3")
    assert set(found) == KEYS
    assert (found["instrument"], found["total"]) == ("phq-9", 10)
    assert (found["band"], found["complete"]) == ("Moderate", True)
    assert not found["prorated"]
    assert [flag["rule"] for flag in found["flags"]] == ["item-9", "phq-9-cut"]
    first = found["flags"][0]
    assert first["priority"] == "URGENT"
    assert first["evidence"]["option_text"] == "Nearly every day"


def test_score_of_missing_items_has_no_total():
    found = run_json("phq-9", "3,,1,2,0,0,1,0,1")
    assert (found["total"], found["band"]) == (None, None)
    assert found["missing"] == ["/44255-8"]
    assert [flag["rule"] for flag in found["flags"]] == ["item-9"]


def test_score_prorates_when_asked():
    found = run_json("phq-9", " 3,,1,2,0,0,1,0,3", "--prorate")
    assert (found["total"], found["prorated"]) == (11.25, True)
    assert not found["complete"]


def test_score_takes_the_difficulty_item_too():
    assert run_json("phq-9", "1,1,1,1,1,1,1,1,0,3")["total"] == 8


def test_score_in_spanish():
    found = run_json("phq-9", "0,0,0,0,0,0,0,0,1", "--language", "es-US")
    assert found["flags"][0]["evidence"]["option_text"] == "Varios días"


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (
            ("phq-9", "2,2,2,2,2,0,0,0,3"),
            [
                "phq-9 2026.1",
                "Result: 13",
                "Band: Moderate",
                (
                    "Meets the PHQ-9 algorithm's criteria for major depressive syndrome "
                    "(screening result, for a clinician to judge)"
                ),
                'Flag item-9 (URGENT): PHQ-9 item 9: "Nearly every day" (value 3)',
                (
                    "Flag phq-9-cut (ROUTINE): PHQ-9 total 13, Moderate; "
                    "from 10 on (Kroenke 2001)"
                ),
            ],
        ),
        (
            ("phq-9", ",0,0,0,0,0,0,0,0", "--prorate"),
            [
                "phq-9 2026.1",
                "Result: 0.0",
                "Band: None-minimal",
                "Prorated: missing items were replaced by the mean of the others",
                "Not answered: /44250-9",
                "No flag from these answers",
            ],
        ),
        (
            ("asq", "0,0,0,0"),
            ["asq 2026.1", "Result: Negative screen", "No flag from these answers"],
        ),
        (
            ("phq-4", "0,1,,0"),
            [
                "phq-4 2026.1",
                "Result: none, not complete",
                "Not answered: /44250-9",
                "Subscale anxiety: 1",
                "Subscale depression: None",
                "No flag from these answers",
            ],
        ),
    ],
)
def test_score_in_words(args, lines):
    assert run(*args).splitlines() == lines


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("phq-9", "1,2"), "The PHQ-9 takes 9 or 10 values, not 2."),
        (("phq-9", ""), "The PHQ-9 takes 9 or 10 values, not 1."),
        (("phq-2", "1,2,3"), "The PHQ-2 takes 2 values, not 3."),
        (("phq-2", "1,4"), "Item 2 takes one of 0, 1, 2, 3, not 4."),
        (("phq-2", "1,x"), "Item 2 takes a whole number, not 'x'."),
        (("phq-2", "0.5,1"), "Item 1 takes a whole number, not '0.5'."),
        (("phq-2", "٣,1"), "Item 1 takes a whole number, not '٣'."),
        (
            ("asq", "1,1,1,1", "--language", "es-US"),
            "The asq exists here in en, not in es-US.",
        ),
    ],
)
def test_score_refuses_with_a_sentence(args, sentence):
    with pytest.raises(CommandError) as caught:
        run(*args)
    assert str(caught.value) == sentence
    assert caught.value.returncode == 2


@pytest.mark.parametrize("args", [["phq-7", "1"], ["phq-2", "-1,0"], ["phq-2"]])
def test_score_leaves_with_2_and_no_trace(args):
    done = subprocess.run(
        [sys.executable, "manage.py", "score", *args],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
