"""The wording library in a real browser: accessible, whole, and of use without scripts."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening import actions
from screening.models import Wording, WordingRun, WordingSignOff
from tests.cast import Cast, make_cast
from tests.clinicians.test_look import visit
from tests.support.browser import PHONE, at_sizes, axe, picture
from tests.wordings import BAD, ENERGY, ENERGY_TOO, draft, propose, shipped, sign

pytestmark = [pytest.mark.browser]
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def cast(site: str) -> Cast:
    return make_cast()


def of(row: Wording, name: str = "wording") -> str:
    return reverse(f"clinicians:{name}", args=[row.key, row.mark])


def full_list(cast: Cast) -> str:
    propose(cast, BAD)
    propose(cast, origin=Wording.Origin.GENERATED)
    sign(cast, shipped())
    actions.veto(
        clinic=cast.clinic,
        draft=shipped("sleep"),
        reason="It blames.",
        by=cast.liv,
        at=timezone.now(),
    )
    return f"{reverse('clinicians:wordings')}?instrument=phq-9&language=en"


def one_text(cast: Cast) -> str:
    first = propose(cast, origin=Wording.Origin.GENERATED)
    sign(cast, draft())
    actions.propose(
        clinic=cast.clinic,
        draft=draft(ENERGY_TOO),
        by=cast.liv,
        at=timezone.now(),
        replaces=first,
    )
    return of(first)


def start_run(cast: Cast) -> WordingRun:
    cast.clinic.ai_enabled = True
    cast.clinic.save()
    return actions.start_run(
        clinic=cast.clinic,
        instrument_id="phq-9",
        language="en",
        wanted=[
            actions.Wanted("/44254-1", "energy", "plain"),
            actions.Wanted("/44259-0", "sleep", "plain"),
        ],
        by=cast.alice,
        at=timezone.now(),
    )


def one_run(cast: Cast) -> str:
    return reverse("clinicians:wording-run", args=[start_run(cast).id])


def plain(name: str) -> Callable[[Cast], str]:
    return lambda _cast: reverse(f"clinicians:{name}")


PAGES: list[tuple[str, Callable[[Cast], str]]] = [
    ("wordings-list", full_list),
    ("wordings-spanish", lambda _cast: f"{reverse('clinicians:wordings')}?language=es"),
    ("wording", one_text),
    ("wording-edit", lambda cast: of(propose(cast), "edit-wording")),
    ("wordings-import", plain("import-wordings")),
    ("wording-runs", plain("wording-runs")),
    ("wording-run", one_run),
]


@pytest.mark.parametrize(("name", "address"), PAGES, ids=[p[0] for p in PAGES])
def test_page_is_accessible_and_fits(cast: Cast, open_page, name, address):
    page = open_page()
    visit(page, cast.alice, address(cast))
    for size in at_sizes(page, PHONE, DESK):
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        picture(page, f"staff-{name}-{size['width']}")
        assert width <= size["width"]


def test_texts_are_signed_by_keyboard_alone_without_scripts(cast: Cast, open_page):
    page: Page = open_page(size=DESK, javascript=False)
    visit(page, cast.liv, f"{reverse('clinicians:wordings')}?language=en&level=easy")
    box = page.get_by_role("checkbox").first
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nothing is signed yet")
    assert not WordingSignOff.objects.exists()
    page.get_by_role("button", name="Sign 1 text").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 text signed.")).to_be_visible()
    assert "level=easy" in page.url
    assert WordingSignOff.objects.get().by == cast.liv


def test_confirmation_shows_each_text_once_more(cast: Cast, open_page):
    page: Page = open_page()
    visit(page, cast.liv, f"{reverse('clinicians:wordings')}?language=en&level=easy")
    for number in range(2):
        page.locator(".choice label").nth(number).click()
    page.get_by_role("button", name="Sign what is ticked").click()
    expect(page.locator("section.card")).to_have_count(2)
    for size in at_sizes(page, PHONE, DESK):
        axe(page)
        picture(page, f"staff-wordings-sign-{size['width']}")


def test_refused_words_stay_in_the_box_with_the_reason(cast: Cast, open_page):
    page = open_page(size=PHONE)
    visit(page, cast.alice, of(propose(cast), "edit-wording"))
    page.get_by_label("The question in other words").fill(BAD)
    page.get_by_role("button", name="Check and propose").click()
    expect(page.locator(".error-summary")).to_contain_text("You should")
    expect(page.get_by_label("The question in other words")).to_have_value(BAD)
    axe(page)
    picture(page, "staff-wording-refused-360")


def test_run_page_renews_itself_until_all_is_done(cast: Cast, open_page):
    run = start_run(cast)
    page = open_page(size=DESK)
    visit(page, cast.alice, reverse("clinicians:wording-run", args=[run.id]))
    expect(page.get_by_text("0 of 2 done.")).to_be_visible()
    made = propose(cast, ENERGY)
    run.work.update(
        outcome="GATED", next_at=None, settled_at=timezone.now(), wording=made
    )
    expect(page.get_by_text("2 of 2 done.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("This page renews itself")).to_have_count(0)
    axe(page)
    picture(page, "staff-wording-run-done-1440")
