"""A plain list of pages and back; a short form that leads on; both without a script."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from core.audit import Actor
from core.models import Clinic, Patient
from screening import actions
from screening.models import Answer, Score
from tests.journeys import steps
from tests.support.browser import DESK, at_sizes

pytestmark = pytest.mark.browser
TO_LIST, TO_TALK = "Show all questions as a plain list", "Answer as a conversation"
SMALL: ViewportSize = {"width": 320, "height": 568}
WIDTH = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def short_form(clinic: Clinic, patient: Patient) -> Callable[[], str]:
    """A link to a PHQ-2 that leads on to the PHQ-9."""

    def make() -> str:
        clinic.step_up = True
        clinic.save()
        patient.clinic.refresh_from_db()
        return actions.invite(
            patient=patient,
            battery=["phq-2"],
            language="en",
            by=Actor.system("journey"),
            at=datetime.now(UTC),
        ).token

    return make


def test_to_the_list_and_back_with_a_screen_reader_in_mind(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    robin = steps.Patient(open_page(), "ways")
    page = robin.page
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    robin.choose(2)
    robin.choose(3)
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("#status")).to_have_text("Question 3 of 17 to 18")
    # The transcript is a list to open, and says nothing by itself.
    page.locator(".transcript summary").click()
    expect(page.locator(".transcript li")).to_have_count(5)
    expect(page.locator(".transcript li").last).to_have_text(
        "You: More than half the days"
    )
    assert page.locator("[role=status], [role=log], [aria-live]").count() == 1
    robin.check("transcript")
    robin.press(TO_LIST)
    page.wait_for_url("**/questions/")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("#status")).to_have_text("2 of 17 are answered.")
    robin.check("list")
    page.get_by_role("link", name="Trouble falling or staying asleep").click()
    page.wait_for_url("**/question/1/3/")
    expect(page.locator(".transcript, .assistant")).to_have_count(0)
    robin.check("plain-question")
    robin.choose(4)
    robin.press(TO_TALK)
    expect(page.locator(".transcript")).to_be_visible()
    assert page.url.endswith("/question/1/4/")
    both_pages_at_every_size(robin)
    values = Answer.objects.order_by("seq").values_list("value", flat=True)
    assert list(values) == [1, 2, 3]


def both_pages_at_every_size(robin: steps.Patient) -> None:
    page = robin.page
    for size in at_sizes(page, SMALL, DESK):
        for look in ("light", "dark"):
            page.emulate_media(color_scheme=look)
            for path in ("/question/1/4/", "/questions/"):
                page.goto(path)
                assert page.evaluate(WIDTH)
                robin.check(f"{size['width']}-{look}{path.replace('/', '-')}")


@pytest.mark.parametrize("javascript", [True, False])
def test_phq_2_leads_on_to_the_phq_9(
    open_page: Callable[..., Page],
    short_form: Callable[[], str],
    javascript: bool,
) -> None:
    robin = steps.Patient(open_page(javascript=javascript), "stepping")
    if not javascript:
        # The checker itself is a script, so it cannot look at these pages.
        robin.check = lambda what: None  # type: ignore[method-assign]
    page = robin.page
    robin.open(short_form(), month="1", day="15", year="1990")
    robin.begin()
    expect(page.locator(".progress")).to_contain_text("Question 1 of 3 to 10")
    for following in ("1/2", "2/3"):
        page.check("#choice-2")
        robin.press("Continue")
        page.wait_for_url(f"**/question/{following}/")
    expect(page.locator(".progress")).to_contain_text("Question 3 of 10")
    robin.check("the-rest")
    robin.press(TO_LIST)
    page.wait_for_url("**/questions/")
    expect(page.locator(".questions li")).to_have_count(10)
    page.get_by_role("link", name="Trouble falling or staying asleep").click()
    page.wait_for_url("**/question/2/3/")
    for number in range(4, 11):
        page.check("#choice-1")
        robin.press("Continue")
        page.wait_for_url(f"**/question/2/{number}/")
    page.check("#choice-1")
    robin.press("Continue")
    page.wait_for_url("**/review/")
    robin.check("review")
    robin.press("Submit my answers to the clinic")
    page.wait_for_url("**/done/")
    scores = Score.objects.order_by("administration__position")
    assert [s.instrument_id for s in scores] == ["phq-2", "phq-9"]
    assert [int(s.total or 0) for s in scores] == [2, 2]
