"""A page of settings as a browser would send it back: every field, then the changes."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse


class Fields(HTMLParser):
    """The names and values that a page's forms would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._add(self._select, given["value"])
        elif tag == "textarea":
            self._area = name
            self.sent[name] = [""]
        elif tag == "input" and name:
            boxes = given.get("type") in ("checkbox", "radio")
            if not boxes or "checked" in given:
                self._add(name, given.get("value", "on" if boxes else ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def _add(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


def fields_of(response: Any) -> dict[str, Any]:
    """What the page would send as it stands."""
    return dict(Fields(response.content.decode()).sent)


def url_of(slug: str) -> str:
    return reverse("clinicians:settings-section", args=[slug])


def fill(client: Client, slug: str, **changes: Any) -> Any:
    """Open a page of settings, change some fields, and press Save."""
    sent = fields_of(client.get(url_of(slug))) | changes
    return client.post(url_of(slug), {n: v for n, v in sent.items() if v is not None})


def confirm(
    client: Client, asked: Any, slug: str, *ticked: str, reason: str = "Agreed"
) -> Any:
    """On the page that explains the dangers: tick these, write this, press Save."""
    sent = fields_of(asked) | {"ok": list(ticked), "reason": reason}
    return client.post(reverse("clinicians:confirm-settings", args=[slug]), sent)


def fill_from(client: Client, page: Any, slug: str, **changes: Any) -> Any:
    """Press Save on a page that was answered before, with some fields changed."""
    return client.post(url_of(slug), fields_of(page) | changes)
