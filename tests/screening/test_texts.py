"""The patient's texts: complete in both languages, plain, and nothing forbidden."""

import re
from collections.abc import Iterator
from pathlib import Path
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


# Said to nobody by a program, patient or staff: each would send somebody home.
NEVER = re.compile(
    r"\b(no risk|low risk|minimal risk|not at risk|not suicidal|you are fine|"
    r"committed suicide|you have (depression|anxiety)|bajo riesgo|sin riesgo|"
    r"usted está bien|usted tiene (depresión|ansiedad))\b",
    re.IGNORECASE,
)
TOP = Path(__file__).resolve().parents[2]
# What is looked for in a patient's or a model's words has to be written down somewhere.
LOOKED_FOR = ("crisis", "question", "gate", "interpret", "redact")
TAGS = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)


def spoken_files() -> Iterator[Path]:
    """Every file from which somebody is told something."""
    yield from (TOP / "templates").rglob("*.html")
    yield from (TOP / "templates").rglob("*.txt")
    yield TOP / "locale" / "es_US" / "LC_MESSAGES" / "django.po"
    for app in ("clinicians", "screening", "records", "core"):
        for path in (TOP / app).rglob("*.py"):
            if not path.name.startswith(LOOKED_FOR):
                yield path
        for path in (TOP / app).rglob("*.json"):
            if not path.name.startswith(LOOKED_FOR):
                yield path


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


def test_no_text_of_the_product_gives_the_all_clear_or_a_diagnosis() -> None:
    files = list(spoken_files())
    assert len(files) > 500
    found = [
        f"{path.relative_to(TOP)}: {hit.group()}"
        for path in files
        if (hit := NEVER.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_page_for_patients_names_an_illness() -> None:
    patients = [
        *(TOP / "templates" / "patient").glob("*.html"),
        *(TOP / "templates" / "errors").glob("*.html"),
        *(TOP / "templates" / "mail").glob("patient_*.txt"),
    ]
    found = [
        f"{path.name}: {hit.group()}"
        for path in patients
        if (hit := FORBIDDEN.search(TAGS.sub(" ", path.read_text(encoding="utf-8"))))
    ]
    assert found == []
    catalogue = (TOP / "locale/es_US/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert not FORBIDDEN.search(catalogue)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_texts_hold_no_forbidden_phrase(language: str) -> None:
    care = definitions.care(language)
    parts = [part for topic in care.topics.values() for part in topic.parts]
    said = [
        *(text for part in parts for text in (part.heading, *part.points)),
        *(t for topic in care.topics.values() for t in (topic.title, topic.summary)),
        *(t for one in care.expect.values() for t in (one.title, *one.points)),
        *care.asked.values(),
    ]
    assert [text for text in said if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_texts_hold_no_forbidden_phrase(language: str) -> None:
    for text in flat(definitions.pages(language)):
        assert not FORBIDDEN.search(text), text


def test_spanish_catalogue_is_complete_and_compiled() -> None:
    assert messages.faults() == []
