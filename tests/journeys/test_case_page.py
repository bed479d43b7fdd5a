"""A case read, copied, annotated and printed, on a phone and on a wide screen."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from clinicians.actions.treatment import add_treatment_event
from core.models import Patient
from screening.models import Administration, Score
from tests.cast import NOW, Cast, make_screening
from tests.clinicians.told import told_case
from tests.clinicians.views.test_course import scored
from tests.journeys.test_course import LABELS, SMALLEST
from tests.journeys.test_review import colleague
from tests.support.pdf import page_count

pytestmark = pytest.mark.browser


def history(cast: Cast, patient: Patient) -> None:
    """As much as the course ever draws: twelve totals of two, and six events."""
    for number in range(12):
        days = number * 14 - 180
        scored(patient, 22 - number, days=days, nine=number % 3)
        sitting = make_screening(patient, "gad-7", at=NOW + timedelta(days=days))
        Score.objects.create(
            administration=Administration.objects.get(screening=sitting),
            clinic=patient.clinic,
            patient=patient,
            instrument_id="gad-7",
            total=Decimal("11.7") if number == 5 else Decimal(18 - number),
            band="Moderate anxiety",
            complete=number != 5,
            prorated=number == 5,
            detail={},
            at=NOW + timedelta(days=days),
        )
    for number in range(6):
        add_treatment_event(
            patient=patient,
            kind="medication-changed",
            happened_on=(NOW - timedelta(days=170 - number * 25)).date(),
            text="From 10 to 20 mg, after two weeks with nausea",
            by=cast.alice,
            at=NOW,
        )


def test_case_is_read_copied_annotated_and_printed(
    open_page: Callable[..., Page],
    site: str,
    cast: Cast,
) -> None:
    episode = told_case(cast)
    history(cast, episode.patient)
    alice = colleague(open_page(dark=True), "alice", cast)
    alice.page.goto(f"/staff/cases/{episode.id}/")
    expect(alice.page.get_by_role("heading", name="At a glance")).to_be_visible()
    alice.check_whole("case")
    alice.key(alice.page.get_by_role("link", name="Text for the record"))
    copy(alice.page)
    alice.check_whole("text")
    alice.page.goto(f"/staff/patients/{episode.patient_id}/course/")
    alice.key(alice.page.get_by_text("Record an event"))
    alice.check_whole("course")
    assert min(alice.page.evaluate(LABELS)) >= SMALLEST
    record_event(alice.page)
    for paper in ("Letter", "A4"):
        assert page_count(alice.page.pdf(format=paper)) == 1
    alice.page.goto(f"/staff/patients/{episode.patient_id}/looks/")
    expect(alice.page.locator("main")).to_contain_text("Opened the text for the record")
    alice.check_whole("looks")


def copy(page: Page) -> None:
    """All of the text in one press, by a script that need not be there."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy all of it").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == page.locator("textarea").input_value().strip()


def record_event(page: Page) -> None:
    page.locator("select").select_option(label="Life event")
    page.locator("input[type=date]").fill("2026-09-01")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("The event is on the course.")
