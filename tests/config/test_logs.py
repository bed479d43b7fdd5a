"""No log line carries a token, or a word that somebody wrote."""

import logging
import sys

import pytest

from config.logs import Discreet, redact

TOKEN = "Zk3vN0tAToken_abc-123"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /i/{TOKEN}/ 404",
        f'"POST /i/{TOKEN} HTTP/1.1"',
        f"Not Found: /i/{TOKEN}/",
        f"/account/password/reset/key/5f-{TOKEN}/",
        f"Authorization: Bearer {TOKEN}",
        f"/staff/patients/?q={TOKEN}",
    ],
)
def test_redact_removes_the_secret_part(line):
    assert TOKEN not in redact(line)
    assert "[removed]" in redact(line)


def test_redact_leaves_the_rest():
    assert (
        redact("GET /question/1/2/ 200 in 12 ms") == "GET /question/1/2/ 200 in 12 ms"
    )


def line_of(error, **options):
    try:
        raise error
    except type(error):
        record = logging.LogRecord(
            "app",
            logging.ERROR,
            __file__,
            1,
            "failed at /i/%s/",
            (TOKEN,),
            sys.exc_info(),
        )
    return Discreet(**options).format(record)


def test_an_exception_is_logged_without_its_text():
    line = line_of(ValueError("Failing row contains (I feel alone)"))
    assert "alone" not in line
    assert TOKEN not in line
    assert "builtins.ValueError" in line
    assert "test_logs.py" in line


def test_debug_shows_the_text_of_an_exception():
    assert "alone" in line_of(ValueError("alone"), traces=True)


@pytest.mark.django_db
def test_an_unknown_link_is_logged_without_its_token(client, caplog):
    client.get(f"/i/{TOKEN}/nowhere/")
    formatted = "\n".join(Discreet().format(record) for record in caplog.records)
    assert TOKEN not in formatted
