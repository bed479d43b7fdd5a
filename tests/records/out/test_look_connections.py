"""The pages of connections in a real browser: accessible, and whole on a phone."""

import pytest
from django.urls import reverse

from records.models import Delivery
from tests.clinicians.test_look import visit
from tests.records.out.leaving import make_leaving
from tests.records.rows import AT, make_patient
from tests.support.browser import DESK, PHONE, axe, picture

pytestmark = [pytest.mark.browser]


def waiting(leaving):
    """A connection with a result in each of the states that matter."""
    place = leaving.place(address="https://ehr.example.org/fhir", name="Hospital EHR")
    for number, state in enumerate(("DEAD", "REFUSED", "ACCEPTED", "DUE")):
        done = leaving.result(make_patient(leaving.clinic, number=str(number)))
        Delivery.objects.create(
            destination=place,
            patient=done.screening.patient,
            administration=done,
            version=1 + number // 3,
            state=state,
            caused_at=AT,
            created_at=AT,
            next_at=AT if state == "DUE" else None,
            settled_at=None if state == "DUE" else AT,
            tries=1 + number,
            last_error="" if state == "ACCEPTED" else "The receiver answered 422.",
        )
    type(place).objects.filter(id=place.id).update(
        retry_at=AT, last_error="The receiver was not reached."
    )
    leaving.place("CSV_FILE", name="Archive")
    return place


def test_connections_are_accessible_and_fit(site, open_page):
    leaving = make_leaving()
    place = waiting(leaving)
    pages = {
        "connections": reverse("connections:connections"),
        "connection": reverse("connections:connection", args=[place.id]),
        "connection-all": reverse("connections:connection", args=[place.id])
        + "?show=all",
        "connection-new": reverse("connections:new-connection"),
    }
    for size, dark in ((PHONE, False), (PHONE, True), (DESK, False), (DESK, True)):
        page = open_page(size=size, dark=dark)
        for name, address in pages.items():
            visit(page, leaving.ada, address)
            axe(page)
            shade = "dark" if dark else "light"
            picture(page, f"{name}-{size['width']}-{shade}")
            assert (
                page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            )
