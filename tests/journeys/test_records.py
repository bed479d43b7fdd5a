"""One patient registered twice: found, compared, merged, and read as one."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from core.models import Patient
from screening.models import Episode
from tests.cast import NOW, Cast, make_episode, make_flag, make_patient, make_screening
from tests.journeys.steps import Staff, give_second_factor
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"
WIDE: ViewportSize = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


def registered_twice(cast: Cast) -> tuple[Episode, Patient]:
    """Two records with a case each, and twins who only look alike."""
    kept = make_patient(
        cast.clinic, number="MRN-1", family_name="García López", given_name="Ana"
    )
    gone = make_patient(
        cast.clinic, number="MRN-2", family_name="Garcia Lopez", given_name="Ana"
    )
    for given in ("Luz", "Sol"):
        make_patient(cast.clinic, family_name="Ortiz", given_name=given)
    cases = []
    for patient in (kept, gone):
        case = make_episode(patient, opened_at=NOW, due_at=NOW)
        make_flag(case, make_screening(patient, started_at=NOW))
        cases.append(case)
    return cases[1], gone


def look_at(staff: Staff, page: Page, what: str) -> None:
    """At both widths, and nothing reaches out sideways."""
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        staff.check(f"{what}-{size['width']}")
        assert not page.evaluate(SIDEWAYS)


def test_search_merge_and_read_the_history_of_both(
    open_page: Callable[..., Page], cast: Cast
) -> None:
    other_case, gone = registered_twice(cast)
    give_second_factor(cast.sue)
    page = open_page(size=PHONE)
    sue = Staff(page, "records")
    look = partial(look_at, sue, page)
    sue.sign_in(cast.sue, PASSWORD)
    page.goto("/staff/patients/")
    page.get_by_label("Name, record number or birth date").fill("garcia an")
    sue.press("Search")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert "garc" not in page.url
    sue.press("Look for patients who are registered twice")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Compare").click()
    page.get_by_label("Ana García López, record MRN-1").check()
    page.get_by_label("Type the record number").fill("MRN-2")
    sue.press("Merge the two records")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    look("compare")
    page.get_by_label("Type the record number").fill("mrn-1")
    sue.press("Merge the two records")
    expect(page.get_by_text("The two records are one.")).to_be_visible()
    recorded = page.get_by_text("Recorded as Ana Garcia Lopez, record MRN-2")
    expect(recorded).to_have_count(2)
    look("merged")
    page.goto(f"/staff/cases/{other_case.id}/")
    expect(page.get_by_text("This patient has another open case.")).to_be_visible()
    expect(page.locator(".patient-header")).to_contain_text("Ana García López")
    look("case")
    page.goto(f"/staff/patients/{gone.id}/state/")
    page.get_by_role("link", name="Change the state").click()
    look("state")
    page.get_by_label("Moved away, or changed clinic").check()
    sue.press("Set inactive")
    expect(page.get_by_text("A case is still open.")).to_be_visible()
    sue.press("Part the records again Ana Garcia Lopez")
    expect(page.get_by_text("The two records are parted.")).to_be_visible()
