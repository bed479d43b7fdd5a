"""Asked again by plan: schedule, mail, reminder, the link, what was missed; and a device
of the clinic from which no way leads back to staff."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core import mail as outbox
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinicians.definitions import planning_policy
from clinicians.models import Schedule
from clinicians.workflow.planning import moment_on
from core.models import Patient as PatientRow
from screening.actions.clock import hours_of
from screening.models import Screening
from tests.cast import Cast, make_patient
from tests.clinicians.planned import ADDRESS, DAY, tick
from tests.clinicians.test_look import visit
from tests.journeys.steps import Patient, Staff
from tests.support.clock import go_by, hold

pytestmark = pytest.mark.browser


@pytest.fixture
def reached(patient: PatientRow) -> PatientRow:
    patient.email = ADDRESS
    patient.save()
    return patient


def plan(staff: Staff, patient: PatientRow) -> datetime:
    """Plan from tomorrow on; returns when the first mail is due."""
    page = staff.page
    staff.press("Ask again every few weeks")
    page.wait_for_url("**/schedules/")
    staff.check_whole("plan")
    staff.press("Plan it")
    expect(page.locator("main")).to_contain_text("Planned. The first e-mail")
    row = Schedule.objects.get(patient=patient)
    assert row.next_at is not None
    return row.next_at


def link_in(number: int) -> str:
    (found,) = set(re.findall(r"/i/([^/]+)/", str(outbox.outbox[number].body)))
    return str(found)


def test_plan_to_mail_to_reminder_to_answer_to_missed(
    open_page: Callable[..., Page], site: str, cast: Cast, reached: PatientRow
) -> None:
    staff = Staff(open_page(), "planning")
    visit(staff.page, cast.fred, f"/staff/patients/{reached.id}/")
    first = plan(staff, reached)
    tick(first)
    clinic = cast.clinic
    third = first.astimezone(clinic.zone).date() + 3 * DAY
    tick(moment_on(planning_policy(), hours_of(clinic), third))
    assert [m.subject for m in outbox.outbox] == [
        "Your link",
        "Your link is still open",
    ]
    assert link_in(0) == link_in(1)

    visitor = Patient(open_page(), "planning-patient")
    visitor.open(link_in(1), month="1", day="15", year="1990")

    tick(first + 8 * DAY)
    # The clock of the loop was ahead of the clock of the pages.
    Screening.objects.update(created_at=timezone.now() - 9 * DAY)
    staff.page.goto(f"/staff/patients/{reached.id}/")
    expect(staff.page.locator("main")).to_contain_text("Missed: not begun in time")
    staff.check_whole("patient-missed")
    staff.page.goto("/staff/patients/missed/")
    staff.check_whole("missed")
    staff.key(staff.page.get_by_role("button", name="Invite again"))
    expect(staff.page.locator("main")).to_contain_text("The e-mail is on its way.")
    tick(timezone.now())
    visitor.page.goto(f"/i/{link_in(2)}/")
    visitor.press("Open my check-in")
    visitor.page.wait_for_url("**/check/")


def test_several_are_invited_and_the_sheets_printed(
    open_page: Callable[..., Page], site: str, cast: Cast, reached: PatientRow
) -> None:
    make_patient(cast.clinic, family_name="Okafor")
    staff = Staff(open_page(), "several")
    visit(staff.page, cast.fred, "/staff/patients/")
    staff.press("Invite several")
    staff.page.wait_for_url("**/invite/")
    staff.check_whole("choose")
    for box in staff.page.locator("input[name=patient]").all():
        staff.tick(box)
    staff.press("Look at it first")
    staff.check_whole("look")
    staff.press("Invite 2 patients")
    staff.page.wait_for_url("**/invited/*/")
    staff.key(staff.page.get_by_role("link", name="Sheets of all 2"))
    staff.check_whole("sheets")
    staff.page.emulate_media(media="print")
    height = "document.querySelector('.own-page svg').getBoundingClientRect().height"
    assert staff.page.evaluate(height) > 100


class Unchecked(Patient):
    """On pages that another journey looks at."""

    def check(self, what: str) -> None:
        self.met.append(what)


def hand_over(page: Page, cast: Cast, patient: PatientRow, name: str) -> Patient:
    staff = Staff(page, name)
    visit(page, cast.fred, f"/staff/patients/{patient.id}/")
    staff.press("Answer here now")
    page.wait_for_url("**/here/")
    staff.check("hand-over")
    page.uncheck("input[name=battery][value='phq-9']")
    page.uncheck("input[name=battery][value='gad-7']")
    page.check("input[name=battery][value='phq-2']")
    staff.press("Sign out and hand it over")
    page.wait_for_url("**/check/")
    return Patient(page, name)


def give_birth_date(visitor: Patient) -> None:
    for box, value in (("month", "1"), ("day", "15"), ("year", "1990")):
        visitor.page.fill(f"#{box}", value)
    visitor.press("Continue")
    visitor.page.wait_for_url("**/start/")


def test_device_of_the_clinic_leads_nowhere_but_back_to_staff(
    open_page: Callable[..., Page], site: str, cast: Cast, patient: PatientRow
) -> None:
    cast.clinic.kiosk_enabled = True
    cast.clinic.save()
    visitor = hand_over(open_page(), cast, patient, "device")
    page = visitor.page
    give_birth_date(visitor)
    Unchecked(page, "device").begin()
    visitor.choose_until("/review/")
    visitor.press("Submit my answers to the clinic")
    page.wait_for_url("**/done/")
    visitor.check_whole("done")
    visitor.press("Finish")
    page.wait_for_url("**/handed-back/")
    visitor.check_whole("handed-back")
    for address in ("/staff/", f"/staff/patients/{patient.id}/", "/staff/home/"):
        page.goto(address)
        assert "/account/login/" in page.url
    page.goto("/done/")
    assert page.locator("h1").inner_text() == "This link does not work"

    another = open_page()
    left = hand_over(another, cast, patient, "device-left")
    give_birth_date(left)
    hold(another)
    # Only now has the page begun to count from its own last sign of somebody.
    busy = ".htmx-request, .htmx-swapping, .htmx-settling"
    expect(left.page.locator(busy)).to_have_count(0)
    idle = planning_policy().device_idle_seconds
    warned = planning_policy().device_warning_seconds
    go_by(another, idle - warned + 1)
    expect(left.page.locator("[data-idle-warning]")).to_be_visible()
    left.check_whole("warning")
    go_by(another, warned)
    left.page.wait_for_url("**/handed-back/")
    left.page.go_back()
    expect(left.page.locator("h1")).to_have_text("This link does not work")
