"""A patient who lets a model help, on the page of one question."""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.models import Clinic
from screening import definitions
from screening.actions import Invited
from screening.language import client
from tests.fakes.model_server import ModelServer
from tests.screening.views.conftest import Visitor

DATA = Path(__file__).resolve().parents[2] / "data" / "language" / "suites"
ENERGY = 4  # the number of the item about energy in the PHQ-9
LONGEST = 4.0  # seconds from a post to a usable page


def rows(name: str, **only: str) -> list[dict[str, Any]]:
    """The rows of one suite, or those with these values."""
    found = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["rows"]
    return [row for row in found if all(row[k] == v for k, v in only.items())]


def plain(text: str) -> str:
    """A page as it is read: no tags, no entities, single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture(autouse=True)
def _off_the_shelf(off_the_shelf: None) -> None:
    """Whatever the model may be asked, it is asked here: these tests are about it."""


@dataclass
class Asking:
    """A visitor on the question about energy."""

    visitor: Visitor
    language: str

    @property
    def item(self) -> Any:
        return definitions.get("phq-9", self.language).items[ENERGY - 1]

    @property
    def read(self) -> str:
        """What stands on the page, without what the patient typed themselves."""
        shown = plain(self.visitor.text)
        typed = re.findall(r"<q[^>]*>(.*?)</q>", self.visitor.text, re.DOTALL)
        for one in typed:
            shown = shown.replace(plain(one), "")
        return shown

    def say(self, words: str) -> "Asking":
        self.visitor.get(f"/question/1/{ENERGY}/").post(words=words)
        return self

    def official_text_stands(self) -> bool:
        """Whether question and every official answer are on the page, word for word."""
        shown = plain(self.visitor.text)
        texts = [self.item.text, *(option.text for option in self.item.options)]
        return all(plain(text) in shown for text in texts)


@pytest.fixture
def asking(
    model: ModelServer, invite: Callable[..., Invited]
) -> Iterator[Callable[[str], Asking]]:
    """Open a check-in in a language, with help from a model agreed to."""

    def begin(language: str) -> Asking:
        Clinic.objects.update(ai_enabled=True, wording_policy="gated")
        token = invite(at=timezone.now(), language=language).token
        visitor = Visitor()
        visitor.get(f"/i/{token}/").post()
        visitor.post(month="1", day="15", year="1990")
        visitor.get("/age/").post(adult="yes").post()
        visitor.post(agree="yes", ai_help="yes")
        return Asking(visitor, language)

    client._door.cache_clear()
    yield begin
    client._door.cache_clear()
