"""A passkey, a record opened with it in an emergency, and the supervisor who looks into it."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django import Settings

from config.sessions import SIGNED_IN_AT
from core.models import EmergencyAccess
from tests.cast import Cast
from tests.clinicians.told import told_case
from tests.journeys.steps import Staff, give_second_factor
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"
WIDE: ViewportSize = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


def with_authenticator(page: Page) -> None:
    """A device that keeps passkeys and knows its owner by a finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def look(staff: Staff, what: str) -> None:
    """Check and picture the page as it stands, narrow and wide."""
    for size in (PHONE, WIDE):
        staff.page.set_viewport_size(size)
        staff.check(f"{what}-{size['width']}")
        assert not staff.page.evaluate(SIDEWAYS), what


def signed_in_long_ago(page: Page) -> None:
    [key] = [
        cookie["value"]
        for cookie in page.context.cookies()
        if cookie["name"] == django_settings.SESSION_COOKIE_NAME
    ]
    session = SessionStore(key)
    session[SIGNED_IN_AT] = 0
    session.save()


def test_passkey_then_emergency_then_review(
    open_page: Callable[..., Page], site: str, cast: Cast, settings: Settings
) -> None:
    settings.STAFF_SESSION_SECONDS = 10**10
    episode = told_case(cast)
    for user in (cast.ada, cast.sue):
        give_second_factor(user)
    ada = Staff(open_page(size=WIDE), "security-ada")
    with_authenticator(ada.page)
    ada.sign_in(cast.ada, PASSWORD)
    add_a_passkey(ada)
    sign_in_with_it(ada, cast)
    show_it_again_for_an_act(ada)
    open_the_record(ada, episode)
    access = EmergencyAccess.objects.get()
    assert access.ended_at is not None
    sue = Staff(open_page(size=WIDE), "security-sue")
    sue.sign_in(cast.sue, PASSWORD)
    look_into_it(sue)
    access.refresh_from_db()
    assert access.reviewed_by == cast.sue


def add_a_passkey(ada: Staff) -> None:
    ada.page.get_by_role("link", name="Your sign-in").click()
    ada.press("Add a passkey")
    look(ada, "add-passkey")
    ada.page.get_by_label("Name").fill("Work laptop")
    ada.press("Make the passkey")
    expect(ada.page.locator("h1")).to_have_text("Your recovery codes")
    ada.page.goto("/account/second-factor/")
    expect(ada.page.locator("main")).to_contain_text("Work laptop")
    look(ada, "factors")
    ada.page.get_by_role("link", name="Where you are signed in").click()
    expect(ada.page.locator("main")).to_contain_text("This one")
    look(ada, "sessions")


def sign_in_with_it(ada: Staff, cast: Cast) -> None:
    """As the second factor after a password, then by itself."""
    ada.page.get_by_role("button", name="Sign out", exact=True).click()
    ada.page.goto("/staff/")
    ada.page.fill("input[name=login]", cast.ada.email)
    ada.page.fill("input[name=password]", PASSWORD)
    ada.press("Sign in")
    ada.press("Use a passkey instead")
    expect(ada.page.get_by_role("heading", name="Queue")).to_be_visible()
    ada.page.get_by_role("button", name="Sign out", exact=True).click()
    ada.page.goto("/staff/")
    expect(
        ada.page.get_by_role("button", name="Sign in with a passkey")
    ).to_be_visible()
    look(ada, "sign-in")
    ada.press("Sign in with a passkey")
    expect(ada.page.get_by_role("heading", name="Queue")).to_be_visible()


def show_it_again_for_an_act(ada: Staff) -> None:
    """The question carries the act through a passkey."""
    signed_in_long_ago(ada.page)
    ada.page.goto("/staff/team/")
    look(ada, "team")
    row = ada.page.locator("tr", has_text="Bob Stone")
    row.get_by_role("button", name="Send a password link").click()
    expect(ada.page.locator("h1")).to_have_text("Is it still you?")
    look(ada, "is-it-you")
    ada.press("Continue with a passkey")
    expect(ada.page.locator("main")).to_contain_text("A link to set a password")
    ada.page.get_by_role("link", name="Bob Stone").click()
    look(ada, "colleague")


def open_the_record(ada: Staff, episode) -> None:
    ada.page.goto(f"/staff/patients/{episode.patient_id}/")
    ada.press("Open what was answered in an emergency")
    look(ada, "emergency")
    reason = ada.page.get_by_label("Why do you need this record now?")
    reason.fill("He called, hung up, and cannot be reached.")
    ada.press("Open the record")
    banner = ada.page.get_by_role("region", name="Emergency access")
    expect(banner).to_contain_text("A record is open to you in an emergency")
    look(ada, "open")
    ada.page.goto(f"/staff/cases/{episode.id}/")
    expect(banner).to_be_visible()
    look(ada, "case")
    banner.get_by_role("button", name="End it now").click()
    expect(ada.page.locator("main")).to_contain_text("The record is closed again.")
    expect(banner).to_have_count(0)


def look_into_it(sue: Staff) -> None:
    sue.page.get_by_role("link", name="Emergencies to look into: 1").click()
    look(sue, "emergencies")
    sue.page.locator("tbody a").first.click()
    expect(sue.page.locator("main")).to_contain_text("Opened a case, in an emergency")
    look(sue, "review")
    sue.page.get_by_label("What did you find?").fill("I spoke with Ada; it was needed.")
    sue.press("I have looked into it")
    expect(sue.page.locator("main")).to_contain_text("Looked into by Sue Field")
    sue.page.goto("/staff/audit/")
    look(sue, "audit")
