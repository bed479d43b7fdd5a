"""What is said on patients' pages, what their titles give away, what browsers may keep."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from screening import definitions
from screening.actions import Invited
from screening.language.reading import grade
from tests.screening.test_texts import flat

TOP = Path(__file__).resolve().parents[2]
PAGES = TOP / "templates" / "patient"
TELLING = re.compile(r"depress|suicid|anxi|phq|gad|mood|ánimo|ansiedad", re.IGNORECASE)
FIELD = re.compile(r"<(?:input|textarea)\b[^>]*>")
UNTYPED = re.compile(r'type="(hidden|radio|checkbox)"')
PLAIN = 7.0  # the school grade that a page asks for: about age 12


def test_start_page_says_what_it_must(invite: Any) -> None:
    made: Invited = invite(at=timezone.now())
    client = Client()
    client.post(f"/i/{made.token}/")
    page = client.post("/check/", {"month": "1", "day": "15", "year": "1990"}, follow=True)  # fmt: skip
    text = page.content.decode()
    for said in (
        *("ask about mood and worry", "5 to 10 minutes", "read by the care team"),
        *("not for emergencies", "kept in your health record", "not a diagnosis"),
    ):
        assert said in text, said
    assert "easy" not in text.lower()


def test_titles_and_addresses_are_quiet() -> None:
    titles = [page["title"] for page in _texts() if "title" in page]
    for path in PAGES.glob("*.html"):
        titles += re.findall(r"{% block title %}(.*?){% endblock %}", path.read_text())
    loud = [title for title in titles if TELLING.search(title)]
    loud += re.findall(
        TELLING, (TOP / "screening" / "urls.py").read_text().partition("[")[2]
    )
    assert loud == []
    assert len(titles) > len(list(PAGES.glob("[!_]*.html")))


def _texts() -> list[dict[str, Any]]:
    return [page for one in ("en", "es-US") for page in definitions.pages(one).values()]


def test_what_is_typed_is_not_completed_and_nothing_keeps_pages() -> None:
    for path in sorted(PAGES.glob("*.html")):
        text = path.read_text()
        for field in FIELD.findall(text):
            if not UNTYPED.search(field):
                assert 'autocomplete="off"' in field, (path.name, field)
    scripts = "".join(p.read_text() for p in (TOP / "static" / "js").glob("*.js"))
    assert "serviceWorker" not in scripts
    assert "localStorage.setItem" not in scripts


@pytest.mark.parametrize("name", sorted(definitions.pages("en")))
def test_english_page_texts_are_plain(name: str) -> None:
    sentences = [text for text in flat(definitions.pages("en")[name]) if " " in text]
    whole = " ".join(f"{text.rstrip('.:')}." for text in sentences)
    assert grade(whole, "en") <= PLAIN, whole
