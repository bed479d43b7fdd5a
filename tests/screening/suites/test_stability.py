"""The same words lead to the same place: every time, in every process, for everybody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from screening.language import answers
from tests.fakes.model_server import ModelServer

pytestmark = pytest.mark.thorough

TOP = Path(__file__).resolve().parents[3]
DEVELOPMENT = TOP / "tests" / "data" / "language" / "dev"
REPEATS = 3
ROWS = 12
VERBS = pytest.mark.parametrize("verb", sorted(answers.VERBS))


def lines(verb: str) -> list[dict[str, str]]:
    """Some rows of the development set, as the command takes them."""
    text = (DEVELOPMENT / f"{verb}.jsonl").read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    step = max(1, len(found) // ROWS)
    keys = (
        ("item", "lang", "text", "kind") if verb == "gate" else ("item", "lang", "text")
    )
    return [
        {key: row[key] for key in keys if row.get(key)} for row in found[::step][:ROWS]
    ]


@VERBS
def test_verb_says_the_same_every_time(verb):
    for line in lines(verb):
        first = answers.VERBS[verb](line)
        for _ in range(REPEATS):
            assert answers.VERBS[verb](line) == first


def test_verbs_say_the_same_in_every_process():
    """The order of sets and of hashed words differs by process; nothing said may."""
    asked = json.dumps({verb: lines(verb) for verb in sorted(answers.VERBS)})
    one, other = (_said(asked, seed) for seed in ("1", "2"))
    assert one == other
    assert {verb: len(said) for verb, said in one.items()} == {
        verb: len(lines(verb)) for verb in answers.VERBS
    }


SAY = """
import json, sys
from screening.language import answers
asked = json.load(sys.stdin)
json.dump({verb: [answers.VERBS[verb](line) for line in asked[verb]] for verb in asked},
          sys.stdout)
"""


def _said(asked: str, seed: str) -> dict[str, list[object]]:
    said = subprocess.run(
        [sys.executable, "-c", SAY],
        cwd=TOP,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
        text=True,
        input=asked,
    ).stdout
    found: dict[str, list[object]] = json.loads(said)
    return found


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.usefixtures("no_examples")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "What does low energy mean?"),
        ("en", "Does it count if I had the flu?"),
        ("en", "about three days"),
        ("en", "I want to kill myself"),
        ("en", "like wet cement"),
        ("es-US", "¿Qué quiere decir esto?"),
        ("es-US", "casi todos los días"),
        ("es-US", "me quiero matar"),
    ],
)
def test_two_patients_who_say_the_same_read_the_same(
    asking, model: ModelServer, language, words
):
    now = timezone.now()
    read = []
    for _ in range(2):
        # A page may name an hour: both come at the same one.
        with time_machine.travel(now):
            read.append(asking(language).say(words).read)
    assert read[0] == read[1]
