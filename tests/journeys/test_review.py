"""Colleagues at their cases: two who reach for one, a shift that ends, a case put off."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.models import Episode
from tests.cast import Cast
from tests.journeys.steps import Staff, give_second_factor
from tests.support.browser import DESK, PHONE

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"


def flagged(cast: Cast) -> Episode:
    return cast.flagged(
        due_at=timezone.now() + timedelta(hours=6), opened_at=timezone.now()
    )


def colleague(page: Page, name: str, cast: Cast) -> Staff:
    user = getattr(cast, name)
    give_second_factor(user)
    staff = Staff(page, name)
    staff.sign_in(user, PASSWORD)
    return staff


def test_of_two_who_reach_for_a_case_one_is_told_who_has_it(
    open_page: Callable[..., Page], site: str, cast: Cast
) -> None:
    episode = flagged(cast)
    alice = colleague(open_page(size=DESK), "alice", cast)
    bob = colleague(open_page(size=PHONE), "bob", cast)
    for one in (alice, bob):
        one.page.goto(f"/staff/cases/{episode.id}/")
    alice.press("Claim this case")
    expect(alice.page.locator("main")).to_contain_text("This case is yours.")
    bob.press("Claim this case")
    expect(bob.page.locator("main")).to_contain_text("Alice Moore has claimed this")
    bob.check_whole("told-who")
    episode.refresh_from_db()
    assert episode.owner == cast.alice


def test_case_is_put_off_and_handed_over(
    open_page: Callable[..., Page], site: str, cast: Cast
) -> None:
    episode = flagged(cast)
    alice = colleague(open_page(), "alice", cast)
    alice.page.goto(f"/staff/cases/{episode.id}/")
    alice.press("Claim this case")
    alice.key(alice.page.get_by_text("Put it off for a while"))
    off = alice.page.locator("form:has(button:text-is('Put it off'))")
    alice.tick(off.locator("input[type=radio]").first)
    off.locator("textarea, input[type=text]").first.fill("She works until noon.")
    alice.check("put-off-form")
    alice.press("Put it off")
    expect(alice.page.get_by_role("button", name="Take it up again")).to_be_visible()
    alice.check_whole("put-off")
    alice.page.goto("/staff/absences/")
    alice.check_whole("away")
    shift = alice.page.locator("form:has(button:text-is('Hand my cases over'))")
    shift.locator("select").select_option(label="Bob Stone")
    alice.press("Hand my cases over")
    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Episode.Status.OPEN, cast.bob)
    assert episode.snoozed_until_at is None
