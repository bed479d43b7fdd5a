"""A language that is not shipped, made up in a folder: it works, and turns the pages."""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from screening import definitions
from screening.definitions import lines, loading, texts
from screening.models import Screening
from tests.journeys.steps import ENGLISH, Patient
from tests.support.browser import DESK, picture
from tests.support.modes import inspect_in_every_mode
from tools import pseudo

pytestmark = pytest.mark.browser

# The package shows functions by these names in place of the modules.
listing = importlib.import_module("screening.definitions.languages")
caring = importlib.import_module("screening.definitions.care")


@pytest.fixture
def made_up(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list, texts, questionnaires and catalogue, in place of the shipped ones."""
    pseudo.write(tmp_path)
    root = tmp_path / "definitions"
    assert definitions.problems(root) == []
    known = loading.load_all(root)
    monkeypatch.setattr(definitions, "pages", partial(texts.pages, root=root))
    monkeypatch.setattr(definitions, "connecting", partial(texts.connecting, root=root))
    monkeypatch.setattr(caring, "care", partial(caring.care, root=root))
    monkeypatch.setattr(definitions, "care", caring.care)
    monkeypatch.setattr(definitions, "load_all", lambda: known)
    monkeypatch.setattr(definitions, "get", lambda name, code: known[name, code])
    monkeypatch.setattr(lines, "_all_lines", partial(lines.read_lines, root))
    monkeypatch.setattr(listing, "codes", partial(listing.codes, root))
    named = [(one.code.lower(), one.name) for one in listing.languages(root)]
    settings.LANGUAGES = named
    settings.LOCALE_PATHS = [tmp_path / "locale", *settings.LOCALE_PATHS]


def middle(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def turned(page: Page) -> None:
    """What is left in English is right here, and the other way round."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar-xb")
    width = (page.viewport_size or DESK)["width"]
    assert middle(page.locator(".help")) < width / 2 < middle(page.locator(".brand"))
    assert middle(page.locator(".exit")) < middle(page.locator(".back"))
    for mark, label in (("#choice-1", "[for=choice-1]"),):
        assert middle(page.locator(mark)) > middle(page.locator(label))


def test_made_up_language_is_whole_and_turned(
    made_up: None, open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    words = {name: pseudo.turned(text) for name, text in ENGLISH.items()}
    omar = Patient(open_page(language="ar"), "right-to-left", words=words)
    page = omar.page
    omar.open(invited(pseudo.CODE), month="1", day="15", year="1990")
    omar.begin()
    turned(page)
    inspect_in_every_mode(page)
    page.set_viewport_size(DESK)
    turned(page)
    picture(page, "right-to-left-desk")
    omar.choose_until(r"/question/1/9/$")
    page.check("#choice-2")
    omar.press(words["continue"])
    expect(page.locator('a[href="tel:988"]')).to_be_visible()
    omar.check("safety")
    omar.press(words["on"])
    page.wait_for_url("**/question/1/10/")
    omar.choose_until(r"/review/$")
    omar.check("review")
    omar.press(words["submit"])
    page.wait_for_url("**/done/")
    omar.check("done")
    screening = Screening.objects.get()
    assert (screening.status, screening.language) == ("COMPLETED", pseudo.CODE)
