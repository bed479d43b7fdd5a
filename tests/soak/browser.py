"""A browser as far as a patient's pages need one: cookies, forms, and patience.

What cannot be reached is asked for again, with the very same form: that is what
somebody does who presses Continue once more.
"""

import http.client
import random
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from threading import Event
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
LONGEST = 20.0  # seconds for one answer
PATIENCE = 90.0  # seconds until somebody closes the browser
FAILED = 500


class GaveUp(Exception):
    """The site did not come back in time."""


class Strange(Exception):
    """The site answered what it should not."""


@dataclass
class Form:
    """One form: where it goes, what it holds, and what may be chosen."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """A page as read: its address, its forms, the links that look like buttons."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.onward: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=given.get("action", "")))
        if tag == "a" and given.get("class") == "button":
            self.onward.append(given["href"])
        if tag != "input" or not self.forms:
            return
        if given.get("type") == "hidden":
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        if given.get("type") == "radio":
            self.forms[-1].choices.append(given["value"])

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, name: str) -> Form | None:
        """The last form with a field of this name: the one with all the choices."""
        return next((f for f in reversed(self.forms) if name in f.fields), None)


class Browser:
    """One patient's browser."""

    def __init__(self, port: int, seed: str, *, over: Event) -> None:
        self.port = port
        self.over = over
        self.cookies: dict[str, str] = {}
        self.retries = 0
        self.offered = 0
        self._random = random.Random(seed)  # noqa: S311 - a plan, no secret

    def get(self, path: str) -> Page:
        return self._follow(path, *self._ask("GET", path, None))

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, str]:
        """Send a form until it is taken; what came back, to be followed."""
        return self._ask("POST", path, urlencode(fields))

    def submit(self, page: Page, **fields: str) -> Page:
        """Send the page's own form with these fields in it."""
        # The others switch language or way of asking, and lead elsewhere.
        form = next((one for one in page.forms if not one.action), None)
        if form is None:
            raise Strange(f"{page.path}: no form to send")
        return self.follow(page.path, self.post(page.path, {**form.fields, **fields}))

    def follow(self, path: str, answer: tuple[str, str]) -> Page:
        return self._follow(path, *answer)

    def _follow(self, path: str, location: str, text: str) -> Page:
        while location:
            path = urljoin(path, location)
            location, text = self._ask("GET", path, None)
        return Page(path, text)

    def _ask(self, method: str, path: str, body: str | None) -> tuple[str, str]:
        """Where it leads, or what the page holds."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until or self.over.is_set():
                    raise GaveUp(f"{method} {path}") from None
            self.retries += 1
            time.sleep(self._random.uniform(0.2, 0.8))

    def _once(self, method: str, path: str, body: str | None) -> tuple[str, str]:
        line = http.client.HTTPConnection(HOST, self.port, timeout=LONGEST)
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = FORM
        try:
            line.request(
                method, urlsplit(path)._replace(fragment="").geturl(), body, headers
            )
            response = line.getresponse()
            text = response.read().decode()
        finally:
            line.close()
        if response.status >= FAILED:
            self._check_offer(path, body, response.status, text)
            raise http.client.HTTPException(f"{response.status}")
        if response.status not in (200, 302):
            raise Strange(f"{method} {path}: {response.status}")
        self._remember(response.headers.get_all("Set-Cookie") or [])
        return response.headers.get("Location", ""), text

    def _check_offer(self, path: str, body: str | None, status: int, text: str) -> None:
        """The page of a failure holds what was sent, to be sent again as it was."""
        if body is None or status != FAILED:
            return
        sent = dict(parse_qsl(body, keep_blank_values=True))
        if sent not in [form.fields for form in Page(path, text).forms]:
            raise Strange(f"{path}: what was sent cannot be sent again")
        self.offered += 1

    def _remember(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
