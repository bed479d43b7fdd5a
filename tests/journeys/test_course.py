"""The course of a patient's totals, on a phone and on a wide screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.cast import Cast, make_patient
from tests.clinicians.views.test_course import scored
from tests.journeys.test_review import WIDE, colleague, no_wider_than_the_page
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

SMALLEST = 12
LABELS = """() => [...document.querySelectorAll('.course__label')].map(label => {
  const chart = label.ownerSVGElement;
  const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(label).fontSize) * scale;
})"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_course_can_be_read(
    open_page: Callable[..., Page],
    site: str,
    cast: Cast,
    size: ViewportSize,
    dark: bool,
) -> None:
    patient = make_patient(cast.clinic)
    scored(patient, 21, nine=2)
    scored(patient, 16, days=14)
    scored(patient, "12.4", days=35, prorated=True)
    scored(patient, 8, days=56)
    alice = colleague(open_page(size=size, dark=dark), "alice", cast)
    alice.page.goto(f"/staff/patients/{patient.id}/")
    alice.page.get_by_text("Each item over time").click()
    alice.check(f"course-{size['width']}-{'dark' if dark else 'light'}")
    no_wider_than_the_page(alice.page)
    sizes = alice.page.evaluate(LABELS)
    assert len(sizes) >= 8
    assert min(sizes) >= SMALLEST
