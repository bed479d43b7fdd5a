"""A clinician marks somebody else's answers as entered in error; the case stays."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.models import Patient as PatientRow
from screening.models import Episode
from tests.cast import Cast
from tests.clinicians.views.entries import Desk, begun
from tests.journeys.steps import OVER, Staff, give_second_factor
from tests.journeys.test_review import PASSWORD
from tests.support.browser import DESK, PHONE, at_sizes

pytestmark = pytest.mark.browser


def look(alice: Staff, what: str) -> None:
    for size in at_sizes(alice.page, DESK, PHONE):
        alice.check(f"{what}-{size['width']}")
        assert alice.page.evaluate(OVER) <= 0


def answered(cast: Cast, patient: PatientRow) -> Desk:
    """A PHQ-9 with item 9 above zero: an urgent case is open."""
    desk = begun(cast.alice, patient)
    desk.save({f"answer-0-{number}": "1" for number in range(1, 11)})
    desk.post("entry-submit")
    return desk


def without_words(alice: Staff) -> None:
    alice.page.get_by_label("Another reason").check()
    alice.press("Mark as entered in error")
    expect(alice.page.locator(".error-summary")).to_contain_text("Write what happened")
    look(alice, "in-error-refused")


def with_a_reason(alice: Staff) -> None:
    page = alice.page
    page.get_by_label("Somebody else gave these answers").check()
    page.fill("textarea[name=note]", "Her sister held the phone.")
    alice.press("Mark as entered in error")
    page.wait_for_url("**/screenings/*/")
    expect(page.locator("main")).to_contain_text("Her sister held the phone")
    expect(page.locator("main")).to_contain_text("ask again")
    look(alice, "results-in-error")


def test_retracted_is_struck_and_its_case_still_waits(
    open_page: Callable[..., Page], site: str, cast: Cast, patient: PatientRow
) -> None:
    desk = answered(cast, patient)
    give_second_factor(cast.alice)
    alice = Staff(open_page(), "in-error")
    page = alice.page
    alice.sign_in(cast.alice, PASSWORD)
    page.goto(desk.url("results"))
    page.locator(f"a[href='{desk.url('in-error')}']").click()
    expect(page.locator("h1")).to_have_text("Entered in error")
    look(alice, "in-error")
    without_words(alice)
    with_a_reason(alice)
    page.goto(f"/staff/patients/{patient.id}/")
    look(alice, "patient-in-error")
    case = Episode.objects.get(patient=patient)
    page.goto(f"/staff/cases/{case.id}/")
    expect(page.locator("main")).to_contain_text("This case stays open")
    look(alice, "case-in-error")
    assert case.status == Episode.Status.OPEN
