"""An administrator loosens something: told first, ticked, saved, and in the history."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from core.models import Clinic
from tests.cast import Cast
from tests.journeys.steps import Staff, give_second_factor
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"
WIDE: ViewportSize = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


def test_danger_is_read_ticked_and_found_in_the_history(
    open_page: Callable[..., Page], cast: Cast
) -> None:
    cast.flagged()
    Clinic.objects.filter(id=cast.clinic.id).update(country="DE")
    give_second_factor(cast.ada)
    page = open_page(size=PHONE)
    ada = Staff(page, "settings-360")
    ada.sign_in(cast.ada, PASSWORD)
    page.goto("/staff/settings/")
    look(ada, "glance")
    due_time_is_explained_before_it_is_saved(ada)
    hours_grow_by_a_row(ada)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    ada.name = "settings-1440"
    for slug in ("", "clinic/", "screening/", "hours/", "escalation/", "language/"):
        page.goto(f"/staff/settings/{slug}")
        look(ada, slug.strip("/") or "glance")
    line_is_tried(ada)
    page.goto("/staff/settings/history/")
    expect(page.locator("main")).to_contain_text("A bigger team looks at night now.")
    look(ada, "history")


def look(ada: Staff, what: str) -> None:
    ada.check(what)
    assert not ada.page.evaluate(SIDEWAYS), what


def due_time_is_explained_before_it_is_saved(ada: Staff) -> None:
    page = ada.page
    page.goto("/staff/settings/review/")
    page.fill("#id_length_urgent", "6 hours")
    ada.press("Save")
    expect(page.locator(".error-summary")).to_contain_text("Write a length of time")
    look(ada, "review-refused")
    page.fill("#id_length_urgent", "6 h")
    page.fill("#id_source_urgent", "Our own protocol")
    page.uncheck("#id_second_person")
    ada.press("Save")
    expect(page.locator("h1")).to_have_text("Before this is saved: Review")
    expect(page.locator("main")).to_contain_text("1 open urgent case keeps the due")
    look(ada, "asked")
    ada.press("Save these changes")
    expect(page.locator(".error-summary li")).to_have_count(3)
    look(ada, "asked-again")
    page.check("#ok-urgent-later")
    page.check("#ok-second-person-off")
    page.fill("#id_reason", "A bigger team looks at night now.")
    ada.press("Save these changes")
    page.wait_for_url("**/staff/settings/")
    expect(page.locator("main .notice--good")).to_contain_text("Saved:")


def hours_grow_by_a_row(ada: Staff) -> None:
    page = ada.page
    page.goto("/staff/settings/hours/")
    page.fill("#id_from_0_1", "19:00")
    page.fill("#id_to_0_1", "21:00")
    page.get_by_role("button", name="Add a span Monday").click()
    expect(page.locator("#id_from_0_2")).to_be_visible()
    expect(page.locator("#id_from_0_1")).to_have_value("19:00")
    look(ada, "hours")
    # The Enter key saves; it does not ask for one more row.
    page.locator("#id_to_0_1").press("Enter")
    page.wait_for_url("**/staff/settings/")
    expect(page.locator("main")).to_contain_text("08:00–18:00, 19:00–21:00")


def line_is_tried(ada: Staff) -> None:
    page = ada.page
    page.goto("/staff/settings/crisis-lines/")
    look(ada, "lines")
    page.get_by_role("link", name="Record a try of Call 116 123").click()
    look(ada, "try")
    page.check("#id_outcome_0")
    ada.press("Record")
    expect(page.locator("main")).to_contain_text("Recorded: Call 116 123.")
