"""When something is not done: why, in one's own frame, and nothing written is lost."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinicians.actions import claim, hand_over
from core.models import User
from tests.cast import Cast
from tests.journeys.steps import Staff
from tests.journeys.test_review import colleague, flagged

pytestmark = pytest.mark.browser

WORDS = "Rang twice; her sister answered, and will call back at noon."


def test_refusals_say_why_and_lose_nothing(
    open_page: Callable[..., Page], site: str, cast: Cast
) -> None:
    alice = colleague(open_page(dark=True), "alice", cast)
    closed_pages_say_why(alice, cast)
    words_stay_when_a_case_is_gone(alice, cast.alice, cast)
    signed_out_in_the_middle(alice, cast.alice, cast)


def closed_pages_say_why(clinician: Staff, cast: Cast) -> None:
    clinician.page.goto("/staff/team/")
    expect(clinician.page.locator("main")).to_contain_text("may not manage staff")
    clinician.check_whole("closed")
    clinician.page.goto(f"/staff/cases/{cast.clinic.id}/")
    expect(clinician.page.locator("h1")).to_have_text("There is no such page here")
    clinician.check_whole("not-there")
    clinician.press("Go to your first page")
    expect(clinician.page.locator("h1")).to_have_text("Queue")


def words_stay_when_a_case_is_gone(clinician: Staff, user: User, cast: Cast) -> None:
    episode = claim(episode=flagged(cast), by=user, at=timezone.now())
    page = clinician.page
    page.goto(f"/staff/cases/{episode.id}/")
    page.get_by_text("Hand it to a colleague").click()
    page.get_by_label("To whom?").select_option(str(cast.sue.id))
    page.get_by_label("What should they know?").fill(WORDS)
    hand_over(episode=episode, to=cast.sue, reason="", by=cast.sue, at=timezone.now())
    clinician.press("Hand it over")
    expect(page.get_by_role("heading", name="Not saved")).to_be_visible()
    assert page.locator("textarea[readonly]").input_value() == WORDS
    clinician.check_whole("not-saved")


def signed_out_in_the_middle(clinician: Staff, user: User, cast: Cast) -> None:
    episode = claim(episode=flagged(cast), by=user, at=timezone.now())
    page = clinician.page
    page.goto(f"/staff/cases/{episode.id}/")
    page.get_by_label("Note", exact=True).last.fill(WORDS)
    Session.objects.all().delete()
    clinician.press("Save the note")
    expect(page.locator("main")).to_contain_text("so it was not saved")
    assert page.url.endswith(f"?next=/staff/cases/{episode.id}/")
    clinician.check_whole("signed-out")
