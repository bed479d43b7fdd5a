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

TOP = Path(__file__).resolve().parents[3]
DEVELOPMENT = TOP / "tests" / "data" / "language" / "dev"
REPEATS = 10
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


@VERBS
def test_verb_says_the_same_in_every_process(verb, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines(verb)))
    said = {_run(verb, file, seed) for seed in ("1", "2")}
    assert len(said) == 1
    assert len(said.pop().splitlines()) == len(lines(verb))


def _run(verb: str, file: Path, seed: str) -> str:
    command = [sys.executable, "manage.py", "language", verb, str(file), "--json"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(
        command, cwd=TOP, env=environment, check=True, capture_output=True, text=True
    ).stdout


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
