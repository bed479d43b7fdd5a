"""The course of a patient's totals, on a phone and on a wide screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.cast import Cast, make_patient
from tests.clinicians.views.test_course import scored
from tests.journeys.steps import OVER
from tests.journeys.test_review import colleague
from tests.support.browser import PHONE, WIDE, at_sizes

pytestmark = pytest.mark.browser

SMALLEST = 12
LABELS = """() => [...document.querySelectorAll('.course__label')].map(label => {
  const chart = label.ownerSVGElement;
  const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(label).fontSize) * scale;
})"""


def test_course_can_be_read(
    open_page: Callable[..., Page], site: str, cast: Cast
) -> None:
    patient = make_patient(cast.clinic)
    scored(patient, 21, nine=2)
    scored(patient, 16, days=14)
    scored(patient, "12.4", days=35, prorated=True)
    scored(patient, 8, days=56)
    alice = colleague(open_page(), "alice", cast)
    alice.page.goto(f"/staff/patients/{patient.id}/")
    alice.page.get_by_text("Each item over time").click()
    for size in at_sizes(alice.page, PHONE, WIDE):
        assert alice.page.evaluate(OVER) <= 0
        letters = alice.page.evaluate(LABELS)
        assert len(letters) >= 8
        assert min(letters) >= SMALLEST
        alice.check(f"course-{size['width']}-light")
        alice.page.emulate_media(color_scheme="dark")
        alice.check(f"course-{size['width']}-dark")
        alice.page.emulate_media(color_scheme="light")
