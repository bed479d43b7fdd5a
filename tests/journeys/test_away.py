"""A check-in that is left and gone on with: on another device, after a rest, in a hurry."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Clinic
from screening import actions, definitions
from screening.models import Answer, Screening
from tests.journeys.steps import Patient
from tests.journeys.test_patient_otherwise import stay
from tests.support.browser import DESK, PHONE, picture
from tests.support.clock import go_by, hold

pytestmark = pytest.mark.browser
BORN = {"month": "1", "day": "15", "year": "1990"}
WIDTHS = (320, 360, 1280)
OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"
PERSISTED = """window.dispatchEvent(
    new PageTransitionEvent("pageshow", { persisted: true }))"""


class Quick(Patient):
    """On pages that another journey looks at."""

    def check(self, what: str) -> None:
        self.met.append(what)

    def to_questions(self, token: str) -> None:
        """Past the pages before the first question."""
        self.open(token, **BORN)
        row, at = Screening.objects.get(), timezone.now()
        actions.confirm_age(screening=row, adult=True, at=at)
        actions.give_consent(screening=row, version="2026.3", ai_help=False, at=at)
        self.page.goto("/question/1/1/")


def looked_at(visitor: Patient, what: str) -> None:
    """Axe, and no width at which something does not fit."""
    Patient.check(visitor, what)
    before = visitor.page.viewport_size
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 740})
        assert not visitor.page.evaluate(OVERFLOWS), f"{what} at {width}"
        picture(visitor.page, f"{visitor.name}-{what}-{width}")
    visitor.page.set_viewport_size(before or PHONE)


def test_going_on_at_a_second_device(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    token = invited()
    first = Quick(open_page(), "first-device")
    first.to_questions(token)
    first.choose(3)
    first.choose(4)

    page = open_page(size=DESK, dark=True)
    other = Quick(page, "second-device")
    page.goto(f"/i/{token}/")
    looked_at(other, "link")
    other.press("Open my check-in")
    page.wait_for_url("**/check/")
    no_such_day_is_said(other)
    for box, value in BORN.items():
        page.fill(f"#{box}", value)
    other.press("Continue")
    page.wait_for_url("**/start/")
    looked_at(other, "start")
    other.press("Go on where you left off")
    page.wait_for_url("**/question/1/3/")
    earlier_answers_are_shown_when_asked_for(other)
    assert Answer.objects.count() == 2

    # The first device's session is over, and says so on a whole page.
    first.page.check("#choice-1")
    first.press("Continue")
    expect(first.page.locator("h1")).to_have_text("This link does not work")
    assert Answer.objects.count() == 2


def no_such_day_is_said(other: Quick) -> None:
    page = other.page
    for box, value in {"month": "2", "day": "31", "year": "1990"}.items():
        page.fill(f"#{box}", value)
    other.press("Continue")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("has no day 31")
    expect(page.locator("#year")).to_have_value("1990")
    looked_at(other, "no-such-day")


def earlier_answers_are_shown_when_asked_for(other: Quick) -> None:
    page = other.page
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/question/1/2/")
    expect(page.locator("input:checked")).to_have_count(0)
    looked_at(other, "kept-question")
    other.press("Keep it and go on")
    page.wait_for_url("**/question/1/3/")
    page.goto("/review/")
    expect(page.get_by_text("Answered, not shown")).to_have_count(2)
    expect(page.get_by_text("More than half the days")).to_have_count(0)
    looked_at(other, "review-hidden")
    other.press("Show my earlier answers")
    expect(page.get_by_text("More than half the days")).to_have_count(1)
    looked_at(other, "review-shown")


def test_rest_and_leaving_show_nothing_to_whoever_comes_next(
    open_page: Callable[..., Page], invited: Callable[..., str], clinic: Clinic
) -> None:
    token, rest = invited(), definitions.rest()
    page = open_page()
    robin = Quick(page, "rest")
    robin.to_questions(token)
    hold(page)
    robin.choose(2)
    to_warning = rest.idle - rest.warning + 1
    go_by(page, to_warning)
    still = page.get_by_role("button", name="I am still here")
    expect(still).to_be_focused()
    looked_at(robin, "warning")
    still.press("Enter")
    expect(still).to_have_count(0)
    go_by(page, to_warning)
    expect(still).to_be_visible()
    go_by(page, rest.warning)
    page.wait_for_url("**/rested/")
    looked_at(robin, "rested")
    page.go_back()
    expect(page.locator("h1")).to_have_text("This page was closed")
    assert Answer.objects.count() == 1
    leaving_leaves_nothing_to_go_back_to(robin, token, clinic)


def leaving_leaves_nothing_to_go_back_to(
    robin: Quick, token: str, clinic: Clinic
) -> None:
    page = robin.page
    robin.open(token, **BORN)
    robin.press("Go on where you left off")
    page.wait_for_url("**/question/1/2/")
    page.goto("/question/1/2/")
    page.evaluate(PERSISTED)  # a page that came back whole asks the server
    page.wait_for_load_state()
    expect(page.locator("h1")).to_contain_text("Feeling down")
    page.route("**/exit/", stay)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/exit/")
    page.go_back()
    expect(page.locator("h1")).to_have_text("This link does not work")
    for word in ("Feeling down", clinic.name, "Rivera", "closed"):
        expect(page.locator("main")).not_to_contain_text(word)
    looked_at(robin, "back-after-leaving")
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert not names & {"checkin", "opening", "lines"}
    stored = "localStorage.length + sessionStorage.length"
    assert page.evaluate(stored) == 0
