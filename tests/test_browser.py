"""The watch over pages in a browser sees what it is there for."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import PHONE, Watch, axe

pytestmark = pytest.mark.browser

SITE = "http://site.example"
GOOD = "<!doctype html><html lang=en><title>x</title><main><h1>x</h1></main></html>"


@pytest.fixture
def page(chromium_browser: Browser):
    """A page whose every request is answered here."""
    context = chromium_browser.new_context(viewport=PHONE)
    context.route("**/*", lambda route: route.fulfill(status=204, body=""))
    yield context.new_page()
    context.close()


def serve(page: Page, html: str, **answer: Any) -> Watch:
    watch = Watch(page, SITE)
    headers = {"Content-Type": "text/html", **answer.pop("headers", {})}
    page.route(f"{SITE}/", lambda r: r.fulfill(body=html, headers=headers, **answer))
    page.goto(f"{SITE}/")
    page.wait_for_load_state("networkidle")
    return watch


def test_good_page_has_no_problem(page):
    assert not serve(page, GOOD).problems
    axe(page)


def test_refused_form_is_no_problem(page):
    assert not serve(page, GOOD, status=422).problems


@pytest.mark.parametrize(
    ("html", "answer", "problem"),
    [
        (GOOD + "<script>console.error('oh')</script>", {}, "console error: oh"),
        (GOOD + "<script>throw Error('oh')</script>", {}, "script: oh"),
        (GOOD + "<img alt='' src=http://other.example/x.png>", {}, "another machine"),
        (GOOD, {"status": 500}, "500 from"),
        (
            GOOD + "<script>1</script>",
            {"headers": {"Content-Security-Policy": "default-src 'none'"}},
            "Content Security Policy",
        ),
    ],
)
def test_trouble_is_seen(page, html, answer, problem):
    assert problem in "\n".join(serve(page, html, **answer).problems)


def test_axe_names_rule_and_place(page):
    serve(page, GOOD.replace("</main>", "<img src=x.png></main>"))
    with pytest.raises(AssertionError, match=r"image-alt(.|\n)*<img"):
        axe(page)


def test_phone_size(page):
    assert page.viewport_size == {"width": 360, "height": 740}
