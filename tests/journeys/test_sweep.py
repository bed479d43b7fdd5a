"""Every page that a patient can meet, by keyboard alone, in every way of being shown."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from screening.models import Answer, Screening
from tests.journeys.steps import Patient, Staff
from tests.support.browser import axe, picture
from tests.support.modes import inspect_in_every_mode

pytestmark = pytest.mark.browser

WAYS_THROUGH = ["skip", "help", "back", "languages__one", "exit", "choice-1"]
STEP = """() => { const now = document.activeElement;
    return now.id || now.className.split(" ")[0] || now.tagName }"""


@dataclass
class Sweeper(Staff, Patient):
    """A patient who has no mouse, and every setting once."""

    def check(self, what: str) -> None:
        self.met.append(what)
        picture(self.page, f"{self.name}-{len(self.met):02}-{what}")
        axe(self.page)
        inspect_in_every_mode(self.page)

    def look_at(self, address: str, what: str) -> None:
        self.page.goto(address)
        self.check(what)


def test_every_page_in_every_mode_by_keyboard(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    robin = Sweeper(open_page(), "sweep")
    for address, what in (("/", "home"), ("/help/", "help"), ("/ended/", "ended")):
        robin.look_at(address, what)
    robin.look_at("/question/1/1/", "gone")
    robin.look_at("/no-such-page/", "not-found")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    question(robin)
    words(robin)
    robin.choose_until(r"/question/1/9/$")
    robin.tick(robin.page.locator("#choice-2"))
    robin.press("Continue")
    expect(robin.page.locator("h1")).to_have_text("Thank you for telling us")
    robin.check("safety")
    robin.press("Go on with the questions")
    robin.page.wait_for_url("**/question/1/10/")
    robin.choose_until(r"/review/$")
    robin.check("review")
    robin.look_at("/stop/", "stop")
    robin.look_at("/help/", "help-within")
    assert robin.page.locator('a[href="tel:988"]').is_visible()
    robin.page.goto("/review/")
    robin.press("Submit my answers to the clinic")
    robin.page.wait_for_url("**/done/")
    robin.check("done")
    assert Screening.objects.get().status == Screening.Status.COMPLETED


def question(robin: Sweeper) -> None:
    """The first question: the order of keys, an error, and words beneath it."""
    page = robin.page
    robin.check("question")
    page.goto("/question/1/1/")
    order = []
    for _ in WAYS_THROUGH:
        page.keyboard.press("Tab")
        order.append(page.evaluate(STEP))
    assert order == WAYS_THROUGH
    robin.press("Continue")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title("Error: Question 1 of 16 to 18 – Check-in")
    robin.check("nothing-chosen")
    robin.key(page.locator(".error-summary a"))
    expect(page.locator("#choice-1")).to_be_focused()
    page.goto("/question/1/1/?more=explain")
    robin.check("beneath")


def words(robin: Sweeper) -> None:
    """An answer in words, and what it is taken to mean."""
    page = robin.page
    page.goto("/question/1/1/")
    robin.key(page.locator("summary"))
    page.fill("#words", "about three days")
    robin.press("Continue")
    page.wait_for_url("**/confirm/**")
    expect(page.locator("main")).to_contain_text("We think you mean")
    robin.check("confirm")
    assert not Answer.objects.exists()
    robin.press("Yes: Several days")
    page.wait_for_url("**/question/1/2/")
    assert Answer.objects.get().value == 1
