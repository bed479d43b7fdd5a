"""The look at a page in a browser: each thing that it watches for is broken once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import PHONE
from tests.support.inspection import inspect

pytestmark = pytest.mark.browser

STYLE = """body { margin: 0; font: 16px sans-serif } a, button { display: inline-block;
min-width: 44px; min-height: 44px } :focus-visible { outline: 3px solid #000 }
.choice > label { display: block; min-height: 44px; border: 1px solid }
.choice > input:checked + label { font-weight: 700 }"""
GOOD = f"""<!doctype html><html lang=en><title>x</title><style>{STYLE}</style>
<body class=patient><a href="/help/">Get help now</a><main><h1>x</h1>
<div class=choice><input type=radio id=a name=a><label for=a>Well</label></div>
<div class=choice><input type=radio id=b name=a><label for=b>Badly</label></div>
<button>Continue</button><p>Words</p>
<svg aria-hidden=true viewBox="0 0 100 10" width=100><text font-size=14>9</text></svg>"""
BROKEN = [
    ("help", "<a href", "<a style='display:none' href"),
    ("help", "<body class=patient>", "<body class=patient><div style='height:2000px'></div>"),
    ("help", "</style>", "main { position: fixed; inset: 0 }</style>"),
    ("target", "min-height: 44px }", "min-height: 18px }"),
    ("text", "<p>Words", "<p style='font-size:7px'>Words"),
    ("text", "width=100>", "width=50>"),
    ("button", "<button>Continue</button>", "<div style='cursor:pointer'>Continue</div>"),
    ("colour", "font-weight: 700", "background: #cfc"),
    ("focus", "3px solid #000", "none"),
    ("focus", "3px solid #000", "3px solid transparent"),
    ("focus", "<p>Words", "<p style='position:fixed;inset:4rem 0 0'>Words"),
    ("width", "<p>Words", "<p style='width:1000px'>Words"),
]  # fmt: skip


@pytest.fixture
def page(chromium_browser: Browser) -> Iterator[Page]:
    context = chromium_browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def seen(page: Page, html: str) -> list[str]:
    page.route("http://site.example/", lambda r: r.fulfill(body=html, content_type="text/html"))  # fmt: skip
    page.goto("http://site.example/")
    return inspect(page)


def test_whatever_is_broken_is_seen(page: Page) -> None:
    assert seen(page, GOOD) == []
    for rule, whole, fault in BROKEN:
        assert GOOD.count(whole) == 1, whole
        found = seen(page, GOOD.replace(whole, fault))
        assert [one for one in found if one.startswith(f"{rule}: ")], (fault, found)


def test_what_a_browser_keeps_is_seen(page: Page) -> None:
    seen(page, GOOD)
    page.evaluate("localStorage.setItem('answers', '3')")
    assert inspect(page) == ["storage: the browser keeps answers"]


def test_page_is_left_as_it_was(page: Page) -> None:
    seen(page, GOOD)
    order = []
    for _ in range(3):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || 'other'"))
    assert order == ["other", "a", "other"]
    seen(page, GOOD)
    for chosen, other in (("#b", "#a"), ("#a", "#b")):
        page.check(chosen)
        page.locator("button").focus()
        inspect(page)
        assert page.evaluate("document.activeElement.tagName") == "BUTTON"
        assert page.locator(chosen).is_checked()
        assert not page.locator(other).is_checked()
