"""A patient's browser without JavaScript, as Django's test client."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from screening.actions import Invited
from screening.models import Screening

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


@dataclass
class Visitor:
    """Follows links and posts forms, and keeps the page it is on."""

    client: Client = field(default_factory=Client)
    page: Any = None
    path: str = ""

    @property
    def text(self) -> str:
        assert self.page is not None
        return str(self.page.content.decode())

    def get(self, path: str) -> "Visitor":
        self.page = self.client.get(path, follow=True)
        self.path = self.page.request["PATH_INFO"]
        return self

    def post(self, path: str = "", **data: Any) -> "Visitor":
        """Post the form of this page: its hidden fields and `data`."""
        hidden = dict(HIDDEN.findall(self.text)) if self.page else {}
        target = path or self.path
        self.page = self.client.post(target, hidden | data, follow=True)
        self.path = self.page.request["PATH_INFO"]
        return self

    def answer(self, choice: int | str) -> "Visitor":
        return self.post(choice=str(choice))


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor()


@pytest.fixture
def invited(invite: Callable[..., Invited]) -> Invited:

    return invite(at=timezone.now())


@pytest.fixture
def asked(visitor: Visitor, invited: Invited) -> Visitor:
    """A visitor on the first question."""
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    visitor.get("/age/").post(adult="yes").post()
    return visitor.post(agree="yes")


@pytest.fixture
def screening(invited: Invited) -> Screening:
    return invited.screening
