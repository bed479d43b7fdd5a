"""The pages of subscriptions in a real browser: accessible, and whole on a phone."""

import pytest
from django.urls import reverse

from records.models import Notification, Subscription
from tests.clinicians.test_look import visit
from tests.records.conftest import make_token
from tests.records.out.leaving import make_leaving
from tests.records.rows import AT, make_administration
from tests.records.told.telling import PHQ9, SCOPES
from tests.support.browser import DESK, PHONE, axe, picture

pytestmark = [pytest.mark.browser]


def told(leaving):
    """One in use and one in error, with an event in each of the states that matter."""
    client = make_token(leaving.clinic, SCOPES, name="Hospital record").client
    rows = [
        Subscription.objects.create(
            clinic=leaving.clinic,
            client=client,
            topic=topic,
            status=status,
            reason="For the record",
            endpoint="https://ehr.example.org/told",
            content="id-only",
            events=4,
            activated_at=AT,
            accepted_at=AT,
            created_at=AT,
            changed_at=AT,
            retry_at=AT if status == "error" else None,
            last_error="The receiver answered 503." if status == "error" else "",
        )
        for topic, status in (("screening-result", "error"), ("review", "active"))
    ]
    result = make_administration(leaving.clinic, PHQ9)
    for number, state in enumerate(("ACCEPTED", "REFUSED", "DEAD", "DUE", "STOPPED")):
        Notification.objects.create(
            subscription=rows[0],
            kind="event-notification",
            number=number + 1,
            source=f"result/{number}",
            resource="QuestionnaireResponse",
            focus=result.id,
            state=state,
            caused_at=AT,
            created_at=AT,
            next_at=AT if state == "DUE" else None,
            settled_at=None if state == "DUE" else AT,
            tries=1 + number,
            last_error="" if state == "ACCEPTED" else "The receiver answered 503.",
        )
    return rows


def test_subscriptions_are_accessible_and_fit(site, open_page):
    leaving = make_leaving()
    failing, _ = told(leaving)
    one = reverse("connections:subscription", args=[failing.id])
    pages = {
        "told-connections": reverse("connections:connections"),
        "told-one": f"{one}?show=all",
        "told-client": reverse("connections:client", args=[failing.client_id]),
    }
    for size, dark in ((PHONE, False), (DESK, True), (DESK, False), (PHONE, True)):
        page = open_page(size=size, dark=dark)
        for name, address in pages.items():
            visit(page, leaving.ada, address)
            axe(page)
            shade = "dark" if dark else "light"
            picture(page, f"{name}-{size['width']}-{shade}")
            assert (
                page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            )
