"""The patient's texts: complete in both languages, plain, and nothing forbidden."""

import re
from string import Formatter
from typing import Any

import pytest

from screening import definitions
from tools import messages

LANGUAGES = ["en", "es-US"]
GAPS = {
    "clinic",
    "phone",
    "when",
    "by",
    "count",
    "age",
    "hours",
    "ending",
    "name",
    "total",
    "most",
    "as_of",
}
FORBIDDEN = re.compile(
    r"\b(diagnosed|low risk|no risk|you are fine|you have depression|committed|"
    r"bajo riesgo|sin riesgo|usted está bien|suicid\w*|depressi\w*|depresi\w*)\b",
    re.IGNORECASE,
)


def flat(page: Any) -> list[str]:
    if isinstance(page, str):
        return [page]
    parts = page.values() if isinstance(page, dict) else page
    return [text for part in parts for text in flat(part)]


def test_both_languages_have_the_same_pages_and_parts() -> None:
    english, spanish = (definitions.pages(language) for language in LANGUAGES)
    assert {k: set(v) for k, v in english.items()} == {
        k: set(v) for k, v in spanish.items()
    }
    for name, page in english.items():
        for part, text in page.items():
            assert isinstance(text, str) == isinstance(spanish[name][part], str)
            assert not isinstance(text, tuple | list) or len(text) == len(
                spanish[name][part]
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_texts_have_only_known_gaps(language: str) -> None:
    texts = flat(definitions.pages(language))
    found = {gap for text in texts for _, gap, _, _ in Formatter().parse(text) if gap}
    assert found <= GAPS


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_texts_hold_no_forbidden_phrase(language: str) -> None:
    for text in flat(definitions.pages(language)):
        assert not FORBIDDEN.search(text), text


def test_spanish_catalogue_is_complete_and_compiled() -> None:
    assert messages.faults() == []
