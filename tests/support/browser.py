"""A real Chromium: pages as a phone and a desk see them, watched for trouble."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.inspection import inspect
from tests.support.seen import look
from tools import chromium

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
WIDE: ViewportSize = {"width": 1440, "height": 900}
FLAGS = (
    "--no-sandbox",  # Chromium's sandbox refuses to run as root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE_RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
    # What holds is not told: to say where it does takes longer than to look.
    "resultTypes": ["violations"],
}
AXE = Axe()
HAS_AXE = "typeof axe === 'object'"
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"
# In milliseconds: how long a page may take on a machine that runs much else. The
# first page of a process reads all that is shipped, and took more than ten seconds.
SECONDS = 30_000


class Look(TypedDict, total=False):
    """How a page is seen."""

    size: ViewportSize
    javascript: bool
    dark: bool
    language: str
    still: bool


class Watch:
    """Remembers what a visitor would not see: errors, refusals, foreign requests."""

    def __init__(self, page: Page, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form is a 422 or 404 page on purpose: _response judges those.
        if message.text.startswith("Failed to load resource"):
            return
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != self.host:
            self.problems.append(f"request to another machine: {request.url}")

    def _response(self, response: Response) -> None:
        page_or_fragment = response.request.resource_type in (
            "document",
            "fetch",
            "xhr",
        )
        limit = 500 if page_or_fragment else 400
        if response.status >= limit:
            self.problems.append(f"{response.status} from {response.url}")


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.ADVICE, pytrace=False)
    # Playwright runs an event loop in this thread; Django would refuse its ORM here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        expect.set_options(timeout=SECONDS)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The address of the product, served for real; links in mails lead to it."""
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def open_page(chromium_browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """open_page(size=DESK, javascript=False, dark=True, language="es-US", still=True)

    Each call is another visitor. The test fails if any of them met trouble.
    """
    contexts, watches = [], []

    def opened(**look: Unpack[Look]) -> Page:
        context = chromium_browser.new_context(base_url=site, **_context(look))
        context.set_default_timeout(SECONDS)
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, site))
        return page

    yield opened
    for context in contexts:
        context.close()
    problems = [problem for watch in watches for problem in watch.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    return open_page(size=DESK)


@pytest.fixture
def phone_without_javascript(open_page: Callable[..., Page]) -> Page:
    return open_page(javascript=False)


def at_sizes(page: Page, *sizes: ViewportSize) -> Iterator[ViewportSize]:
    """Show the page as each of them has it: a new visitor for each takes far longer."""
    for size in sizes:
        page.set_viewport_size(size)
        yield size


_good: set[int] = set()


def axe(page: Page) -> None:
    """Fails with every rule that the page breaks, axe's and our own, and where.

    A page that was found good is not looked at again while it looks the same: most
    journeys come by the same first pages.
    """
    # What a page does when it has been read whole belongs to it.
    page.wait_for_load_state()
    known = hash(look(page))
    if known in _good:
        return
    found = [*map(_explain, _broken(page)), *(f"  {one}" for one in inspect(page))]
    assert not found, f"{page.url}\n" + "\n".join(found)
    _good.add(known)


def _broken(page: Page) -> list[dict[str, Any]]:
    if not page.evaluate(HAS_AXE):
        page.evaluate(AXE.axe_script)
    result: dict[str, Any] = page.evaluate("rules => axe.run(rules)", AXE_RULES)
    broken: list[dict[str, Any]] = result["violations"]
    return broken


def picture(page: Page, name: str) -> None:
    """With PICTURES=true, keeps build/pictures/NAME.png for a person to look at."""
    if os.environ.get("PICTURES") == "true":
        # Hiding the caret would add a style that the page's policy refuses.
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, full_page=True, caret="initial")


def _context(look: Look) -> dict[str, Any]:
    return {
        "viewport": look.get("size", PHONE),
        "java_script_enabled": look.get("javascript", True),
        "color_scheme": "dark" if look.get("dark") else "light",
        "locale": look.get("language", "en-US"),
        # Half-faded text has too little contrast for a moment.
        "reduced_motion": "reduce" if look.get("still", True) else "no-preference",
    }


def _explain(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"    {' '.join(map(str, node['target']))}\n    {node['html'][:200]}"
        for node in violation["nodes"]
    )
    return f"  {violation['id']}: {violation['help']}\n{places}"
