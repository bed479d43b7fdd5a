"""The pages for connected programs and the API's page, in a real browser."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from records.actions import receive_questionnaire, revoke_client
from tests.cast import Cast, make_cast, signed_in
from tests.records.smart.signing import BY, connected, key
from tests.support.browser import DESK, PHONE, axe, picture

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(site: str) -> Cast:
    return make_cast()


def connect_some(cast: Cast) -> str:
    """Three programs, one of them gone, and a draft; returns the first one's page."""
    row = connected(cast.clinic, key(), key("rsa", "RSA"), name="Hospital record")
    connected(
        cast.clinic, name="Portal", url="https://portal.example/.well-known/jwks.json"
    )
    gone = connected(cast.clinic, name="Old laboratory system")
    revoke_client(client=gone, by=BY, at=timezone.now())
    receive_questionnaire(
        client=row,
        url="https://forms.example/fhir/Questionnaire/perceived-stress-scale-10",
        version="2.1",
        title="Perceived Stress Scale (10 items)",
        content={"resourceType": "Questionnaire"},
        digest="1",
        at=timezone.now(),
    )
    return reverse("connections:client", args=[row.id])


def test_pages_are_accessible_and_fit(cast: Cast, open_page: Callable[..., Page]):
    """Light and dark, on a phone and at a desk; with everything on them."""
    client = connect_some(cast)
    visits = [
        ("clients", reverse("connections:clients")),
        ("new-client", reverse("connections:new-client")),
        ("client", client),
        ("api", reverse("records:api")),
    ]
    cookie = signed_in(cast.ada).cookies[settings.SESSION_COOKIE_NAME]
    for size, dark in ((PHONE, True), (DESK, False), (DESK, True), (PHONE, False)):
        page = open_page(size=size, dark=dark)
        page.goto("/livez")
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": page.url}]
        )
        for name, address in visits:
            page.goto(address)
            if name == "new-client":
                page.fill("#id_jwks", '{"keys": []}')
                page.get_by_role("button", name="Connect this program").click()
                page.locator(".error-summary").wait_for()
            for closed in page.locator("main details > summary").all()[:3]:
                closed.click()
            axe(page)
            shade = "dark" if dark else "light"
            picture(page, f"{name}-{size['width']}-{shade}")
            assert (
                page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            )
