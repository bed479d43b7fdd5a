"""A missing or dangerous setting stops the start; a good installation is clean."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import environment

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).resolve().parents[2]
LIVE = {
    **environment.SETTINGS,
    "BASE_URL": "https://checkin.example.org",
    "ALLOWED_HOSTS": "checkin.example.org",
    "HTTPS": "true",
    "DATABASE_URL": "sqlite:////nonexistent/x.db",
    "EMAIL_URL": "smtp+tls://u:p@mail.example.org",
    "COMPONENTS_PAGE": "false",
    "TEMPLATE_STRICT": "false",
}
HERE = {"HTTPS": "false", "BASE_URL": "http://localhost", "ALLOWED_HOSTS": "localhost"}


def manage(*words, **changed):
    settings = {**LIVE, **changed}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {name: value for name, value in settings.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**kept, **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": None}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY to at least 50"),
        ({"FIELD_KEYS": None}, "Set FIELD_KEYS"),
        ({"INDEX_KEY": "abc"}, "INDEX_KEY needs keys of 32 bytes"),
        ({"DEBUG": "true"}, "Set DEBUG=false"),
        ({"DEBUG": "yes"}, "Set DEBUG to true or false"),
        ({"WEBHOOK_LOOPBACK": "true"}, "Set WEBHOOK_LOOPBACK=false"),
        ({"ALLOWED_HOSTS": "*"}, "Set ALLOWED_HOSTS to whole host names"),
        ({"ALLOWED_HOSTS": ".example.org"}, "Set ALLOWED_HOSTS to whole host names"),
        ({"EMAIL_URL": "console:"}, "Set EMAIL_URL to smtp://"),
        ({"EMAIL_URL": "file:///var/mail"}, "Set EMAIL_URL to smtp://"),
        ({"EMAIL_URL": "smtp://h:x"}, "Set EMAIL_URL to a whole address"),
        ({"LOG_LEVEL": "LOUD"}, "Set LOG_LEVEL to one of: DEBUG"),
        ({"OPENAI_MODEL": "m"}, "Set OPENAI_BASE_URL to where OPENAI_MODEL answers"),
        ({"OPENAI_BASE_URL": "http://model.example.org/v1"}, "an https:// address"),
        ({"HTTPS": "false"}, "Set BASE_URL to https://"),
        (
            {"HTTPS": "false", "BASE_URL": "http://checkin.example.org"},
            "Set HTTPS=true",
        ),
        ({"DATABASE_URL": None}, "Set DATABASE_URL"),
        ({"LANGUAGE_ENABLED": "true"}, "Set OPENAI_MODEL"),
        (
            {"LANGUAGE_GENERATION_SECONDS": "151"},
            "Set LANGUAGE_GENERATION_SECONDS to at most 150",
        ),
        ({"LANGUAGE_PRICE_IN": "0.15"}, "Set both LANGUAGE_PRICE_IN and"),
        ({"LANGUAGE_PRICE_IN": "cheap"}, "Set LANGUAGE_PRICE_IN to an amount"),
        ({"LANGUAGE_PRICE_IN": "-1"}, "Set LANGUAGE_PRICE_IN to an amount"),
        ({"LANGUAGE_COST_PER_DAY": "NaN"}, "Set LANGUAGE_COST_PER_DAY to an amount"),
        ({"LANGUAGE_COST_PER_DAY": "5"}, "nobody can tell when LANGUAGE_COST_PER_DAY"),
        ({"LANGUAGE_TOKENS_PER_DAY": "many"}, "Set LANGUAGE_TOKENS_PER_DAY to a whole"),
    ],
)
def test_start_is_refused_in_one_sentence(changed, sentence):
    done = manage("check", **changed)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_index_key_is_not_a_field_key():
    same = environment.SETTINGS["FIELD_KEYS"].partition(":")[2]
    assert "Set INDEX_KEY" in manage("check", INDEX_KEY=same).stderr


def test_a_live_installation_passes_the_deploy_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({**HERE, "EMAIL_URL": "console:"}, "config.W001"),
        ({**HERE, "DEAD_MAN": "false"}, "config.W002"),
        ({"DEAD_MAN": "false"}, "config.E006"),
        ({"HELP_COUNTRY": "UK"}, "config.E007"),
        ({"ALLOWED_HOSTS": "other.example.org"}, "config.E003"),
        ({"LANGUAGE_DEADLINE_SECONDS": "4.1"}, "config.E004"),
    ],
)
def test_the_deploy_check_names_what_is_unsafe(changed, code):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **changed)
    assert done.returncode == 1
    assert code in done.stderr


def test_the_server_refuses_what_the_check_refuses():
    code = "import config.wsgi"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **LIVE, "ALLOWED_HOSTS": "other.example.org"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "which ALLOWED_HOSTS does not let in" in done.stderr


def test_every_setting_is_explained():
    """What settings.py reads, .env.example names."""
    explained = (ROOT / ".env.example").read_text()
    source = (ROOT / "config" / "settings.py").read_text()
    reads = (
        "text",
        "boolean",
        "whole",
        "seconds",
        "amount",
        "words",
        "key_ring",
        "database",
        "mail",
        "one_of",
        "private_address",
    )
    for read in reads:
        for part in source.split(f'env.{read}("')[1:]:
            assert f"{part.split(chr(34))[0]}=" in explained
