"""The same path without JavaScript, in Spanish, in the dark, and in free words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from screening.models import Answer, Screening
from tests.journeys.steps import SPANISH, Patient
from tests.support.browser import DESK

pytestmark = pytest.mark.browser


def finished() -> bool:
    return Screening.objects.get().status == Screening.Status.COMPLETED


def test_whole_path_without_javascript(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    robin = Patient(open_page(javascript=False), "without-javascript")
    # The checker itself is a script, so it cannot look at these pages.
    robin.check = lambda what: None  # type: ignore[method-assign]
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    for _ in range(8):
        robin.page.check("#choice-1")
        robin.press("Continue")
    robin.page.check("#choice-2")
    robin.press("Continue")
    expect(robin.page.locator("h1")).to_have_text("Thank you for telling us")
    robin.press("Go on with the questions")
    while "/question/" in robin.page.url:
        robin.page.check("#choice-1")
        robin.press("Continue")
    robin.press("Submit my answers to the clinic")
    robin.page.wait_for_url("**/done/")
    assert finished()


def test_whole_path_in_spanish(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    page = open_page(language="es-US")
    lucia = Patient(page, "spanish", words=SPANISH)
    lucia.open(invited("es-US"), month="1", day="15", year="1990")
    lucia.begin()
    lucia.check("pregunta")
    expect(page.locator("html")).to_have_attribute("lang", "es-us")
    expect(page.locator("h1")).to_contain_text("Poco interés o placer en hacer cosas")
    lucia.choose_until(r"/question/1/9/$")
    lucia.check("pregunta-9")
    page.check("#choice-2")
    lucia.press("Continuar")
    expect(page.locator("h1")).to_have_text("Gracias por decírnoslo")
    lucia.check("seguridad")
    lucia.press(SPANISH["on"])
    lucia.page.wait_for_url("**/question/1/10/")
    lucia.choose_until(r"/review/$")
    lucia.check("revisar")
    lucia.press(SPANISH["submit"])
    page.wait_for_url("**/done/")
    lucia.check("fin")
    assert finished()


def test_words_are_confirmed_before_they_count(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    robin = Patient(open_page(size=DESK, dark=True), "words")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    robin.page.locator("summary").click()
    robin.page.fill("#words", "about three days")
    robin.press("Continue")
    robin.page.wait_for_url("**/confirm/**")
    expect(robin.page.locator("main")).to_contain_text("We think you mean")
    robin.check("confirm")
    assert not Answer.objects.exists()
    robin.press("Yes: Several days")
    robin.page.wait_for_url("**/question/1/2/")
    assert Answer.objects.get().value == 1


def test_plainer_words_stand_beneath_the_official_ones(
    open_page: Callable[..., Page], invited: Callable[..., str], clinic
) -> None:
    clinic.wording_policy = "gated"
    clinic.save()
    robin = Patient(open_page(), "plainer")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    robin.press("Say it more simply")
    expect(robin.page.locator("#beneath")).to_be_visible()
    expect(robin.page.locator("h1")).to_have_text(
        "Little interest or pleasure in doing things"
    )
    expect(robin.page.locator("#beneath")).to_contain_text("in simpler words")
    robin.check("plainer")
    robin.press("Even simpler")
    expect(robin.page.locator("#beneath")).to_contain_text("Think about the last 2")
    expect(robin.page.locator("h1")).to_have_text(
        "Little interest or pleasure in doing things"
    )
    robin.check("easier")
    robin.press("What does this mean?")
    expect(robin.page.locator("#beneath")).to_contain_text("How to read this question")
    robin.check("explained")


def test_errors_are_shown_and_focused(
    open_page: Callable[..., Page], invited: Callable[..., str]
) -> None:
    robin = Patient(open_page(), "errors")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    robin.press("Continue")
    expect(robin.page.locator(".error-summary")).to_be_focused()
    expect(robin.page).to_have_title("Error: Question 1 of 16 to 18 – Check-in")
    robin.check("nothing-chosen")
    robin.page.locator(".error-summary a").click()
    expect(robin.page.locator("#choice-1")).to_be_focused()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_help_is_in_sight_and_nothing_overflows(
    open_page: Callable[..., Page], invited: Callable[..., str], width: int
) -> None:
    page = open_page(size={"width": width, "height": 568})
    robin = Patient(page, f"at-{width}")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    help_link = page.get_by_role("link", name="Get help now")
    box = help_link.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 568
    assert box["height"] >= 44
    overflow = "document.documentElement.scrollWidth > window.innerWidth"
    assert not page.evaluate(overflow)
    help_link.click()
    page.wait_for_url("**/help/")
    assert page.locator('a[href="tel:988"]').is_visible()
    robin.check("help")


def stay(route: Route) -> None:
    """Let the server end the session, but go to no other site."""
    answer = route.fetch(max_redirects=0)
    assert answer.status == 302
    headers = {k: v for k, v in answer.headers.items() if k != "location"}
    route.fulfill(status=200, headers=headers, body="<title>elsewhere</title>")


@pytest.mark.parametrize("javascript", [True, False])
def test_leaving_ends_the_session(
    open_page: Callable[..., Page], invited: Callable[..., str], javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    robin = Patient(page, "leaving")
    robin.check = lambda what: None  # type: ignore[method-assign]
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    assert "checkin" in {cookie["name"] for cookie in page.context.cookies()}
    page.route("**/exit/", stay)
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("**/exit/")
    assert "checkin" not in {cookie["name"] for cookie in page.context.cookies()}
    page.goto("/question/1/1/")
    expect(page.locator("h1")).to_have_text("This link does not work")
