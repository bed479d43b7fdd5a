"""The look and its script in a real browser."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import DESK, PHONE, axe, picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.look.urls"),
    pytest.mark.usefixtures("transactional_db"),
]
SMALL = {"width": 320, "height": 568}
FOCUS = "document.activeElement.tagName + '.' + document.activeElement.className"
WIDTH = "document.documentElement.scrollWidth"
DOUBLE = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture(autouse=True)
def _shown(settings):
    settings.COMPONENTS_PAGE = True


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_component_is_accessible(open_page, size, dark):
    page = open_page(size=size, dark=dark)
    page.goto("/components/")
    picture(page, f"components-{size['width']}-{'dark' if dark else 'light'}")
    axe(page)


@pytest.mark.parametrize("path", ["/components/", "/question/1", "/broken/", "/staff/"])
def test_page_fits_a_small_phone_and_large_text(open_page, path):
    page = open_page(size=SMALL)
    page.goto(path)
    assert page.evaluate(WIDTH) <= SMALL["width"]
    page.evaluate(DOUBLE)
    assert page.evaluate(WIDTH) <= SMALL["width"]


@pytest.mark.parametrize("path", ["/question/1", "/broken/"])
def test_help_is_in_sight_at_the_top(open_page, path):
    page = open_page(size=SMALL)
    page.goto(path)
    box = page.locator(".help").bounding_box()
    assert box["y"] < 20
    assert box["x"] > SMALL["width"] / 3
    assert box["height"] >= 44


def test_swap_moves_focus_title_and_status(phone):
    phone.goto("/question/1")
    assert phone.inner_text("#status") == ""
    phone.get_by_label("Well").check(force=True)
    phone.get_by_text("Continue").click()
    phone.wait_for_url("**/question/2")
    expect(phone.locator("h1")).to_be_focused()
    assert phone.title().startswith("Question 2")
    assert phone.inner_text("#status") == "Question 2 of 9"


def test_swap_to_an_error_focuses_its_summary(phone):
    phone.goto("/question/1")
    phone.get_by_text("Continue").click()
    phone.wait_for_selector(".error-summary")
    expect(phone.locator(".error-summary")).to_be_focused()
    assert phone.title().startswith("Error: ")
    phone.click(".error-summary a")
    assert phone.evaluate("document.activeElement.id") == "answer-1"


def test_nothing_stays_in_the_browser(phone):
    phone.goto("/question/1")
    phone.get_by_label("Well").check(force=True)
    phone.get_by_text("Continue").click()
    phone.wait_for_url("**/question/2")
    expect(phone.locator("h1")).to_be_focused()
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0


def test_lost_connection_keeps_the_choice(chromium_browser, site):
    with chromium_browser.new_context(base_url=site, viewport=PHONE) as context:
        page = context.new_page()
        page.goto("/question/1")
        page.get_by_label("Badly").check(force=True)
        context.set_offline(True)
        page.get_by_text("Continue").click()
        page.get_by_text("This is not saved yet.").wait_for()
        assert page.get_by_label("Badly").is_checked()
        assert "notice" in page.evaluate(FOCUS)


def test_refused_choice_is_kept_and_sent_when_tried_again(chromium_browser, site):
    """Each way in which sending can fail says so in place; the way out is the same."""

    def fail(route):
        if route.request.method == "POST" and faults:
            fault = faults.pop()
            if fault:
                body = "<h1>Proxy: out of order</h1>"
                return route.fulfill(status=fault, body=body)
            # Without an answer, until the script gives up after its time.
            return unanswered.append(route)
        return route.continue_()

    faults: list[int] = [502, 0, 503, 500]
    unanswered: list[Route] = []
    with chromium_browser.new_context(base_url=site, viewport=PHONE) as context:
        page = context.new_page()
        page.goto("/question/1")
        page.evaluate("htmx.config.timeout = 300")
        page.route("**/question/1", fail)
        page.get_by_label("Badly").check(force=True)
        while faults:
            left = len(faults)
            page.evaluate("document.activeElement.blur()")
            page.get_by_role("button", name="Continue").click()
            expect(page.locator("[data-not-saved]")).to_be_focused()
            assert page.get_by_label("Badly").is_checked()
            assert "Proxy" not in page.inner_text("body")
            assert len(faults) == left - 1
        for route in unanswered:
            route.abort()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/question/2")
        assert page.locator("[data-not-saved]").count() == 0


def test_shift_three_times_leaves_without_a_way_back(phone):
    phone.goto("/question/1")
    for key in ("Shift", "a", "Shift", "Shift"):
        phone.keyboard.press(key)
    assert phone.url.endswith("/question/1")
    phone.keyboard.press("Shift")
    phone.wait_for_url("**/exit/")
    assert phone.evaluate("history.length") == 2  # the blank tab and this


def test_exit_link_leaves_without_javascript(phone_without_javascript):
    page = phone_without_javascript
    page.goto("/question/1")
    page.get_by_text("Leave this page").click()
    page.wait_for_url("**/exit/")


def failing(status):
    return lambda route: route.fulfill(status=status, body="x")


def test_failed_answer_keeps_the_choice(chromium_browser, site):
    with chromium_browser.new_context(base_url=site, viewport=PHONE) as context:
        page = context.new_page()
        page.goto("/question/1")
        page.get_by_label("Badly").check(force=True)
        for status in (500, 503):
            page.route("**/question/1", failing(status))
            page.get_by_text("Continue").click()
            page.get_by_text("This is not saved yet.").wait_for()
            assert page.locator("[data-not-saved]").count() == 1
            assert page.get_by_label("Badly").is_checked()
            assert page.get_by_role("link", name="Load this page again").is_visible()


def test_a_window_that_is_forgotten_ends_nothing_while_another_is_used(
    phone: Page,
) -> None:
    """Both have one session: the forgotten one would take the other's answers along."""
    clock = phone.context.clock
    clock.install()
    phone.goto("/watched/")
    used = phone.context.new_page()
    used.goto(phone.url)
    for _ in range(3):
        clock.fast_forward(45_000)
        used.keyboard.press("Tab")
        used.wait_for_timeout(200)  # until the other window has heard of it
        assert phone.url.endswith("/watched/")
        expect(phone.locator("[data-idle-warning]")).to_have_count(0)
    clock.fast_forward(61_000)
    phone.wait_for_url("**/exit/")
