"""The queue that renews itself under a clinician's eyes, and keys that move in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import SystemHeartbeat
from screening.models import Episode
from tests.cast import Cast
from tests.clinicians.test_bulk import routine
from tests.journeys.steps import Staff, give_second_factor
from tests.support.browser import PHONE, at_sizes

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"
WIDE = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"
ASK = "htmx.trigger(document.getElementById('queue-live'), 'refresh')"
FOCUSED_ROW = "document.activeElement.closest('tr')?.id"


def flagged(cast: Cast, hours: int) -> Episode:
    now = timezone.now()
    return cast.flagged(due_at=now + timedelta(hours=hours), opened_at=now)


def test_queue_renews_itself_and_moves_by_keys(
    open_page: Callable[..., Page], cast: Cast
) -> None:
    SystemHeartbeat.objects.create(name="watch", at=timezone.now())
    first, second = flagged(cast, 2), flagged(cast, 3)
    give_second_factor(cast.alice)
    page = open_page()
    alice = Staff(page, "live")
    alice.sign_in(cast.alice, PASSWORD)
    expect(page).to_have_title("(2) Queue – Check-in")
    third = renews_when_nobody_is_at_it(alice, cast)
    holds_still_under_the_pointer(alice, cast)
    keys_move_and_help(alice, [first, second, third])
    keys_can_be_turned_off(alice)
    page.locator(f"#case-{first.id} a").first.focus()
    page.keyboard.press("c")
    expect(page.locator("h1")).to_have_text("Queue")
    first.refresh_from_db()
    assert first.status == Episode.Status.OPEN
    several_are_claimed_and_undone(alice, cast)


def renews_when_nobody_is_at_it(alice: Staff, cast: Cast) -> Episode:
    page = alice.page
    page.mouse.move(0, 0)
    third = flagged(cast, 4)
    page.evaluate(ASK)
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("#queue-news")).to_have_text("1 new in the list.")
    expect(page).to_have_title("(3) Queue – Check-in")
    expect(page.locator(".unowned")).to_contain_text("3 urgent")
    alice.check_whole("renewed")
    return third


def focus_is_in(page: Page, row: str) -> None:
    """Sooner or later: a list that was swapped takes the focus after that."""
    page.wait_for_function(f"row => {FOCUSED_ROW} === row", arg=row)


def holds_still_under_the_pointer(alice: Staff, cast: Cast) -> None:
    page = alice.page
    page.locator("tbody tr").first.hover()
    fourth = flagged(cast, 1)
    page.evaluate(ASK)
    expect(page.locator("#queue-news")).to_have_text("1 new.")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page).to_have_title("(4) Queue – Check-in")  # the frame hears at once
    alice.check("held-still")
    page.get_by_role("button", name="Show them").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    focus_is_in(page, f"case-{fourth.id}")
    expect(page.get_by_role("button", name="Show them")).to_be_hidden()


def keys_move_and_help(alice: Staff, rows: list[Episode]) -> None:
    page = alice.page
    page.keyboard.press("j")
    focus_is_in(page, f"case-{rows[0].id}")
    page.keyboard.press("ArrowDown")
    focus_is_in(page, f"case-{rows[1].id}")
    page.keyboard.press("k")
    page.evaluate(ASK)  # focus inside: nothing moves
    focus_is_in(page, f"case-{rows[0].id}")
    page.keyboard.press("?")
    expect(page.get_by_text("next and previous case")).to_be_visible()
    alice.check_whole("keys")
    page.keyboard.press("?")
    page.locator(f"#case-{rows[2].id} a").first.focus()
    page.keyboard.press("c")
    page.wait_for_url("**/cases/**")
    rows[2].refresh_from_db()
    assert rows[2].status == Episode.Status.ACKNOWLEDGED
    page.goto("/staff/")
    page.get_by_text("Filter", exact=True).first.click()
    page.get_by_label("Tier").focus()
    page.keyboard.press("j")  # a field has the focus: the key is its own
    assert page.evaluate(FOCUSED_ROW) is None
    page.get_by_text("Filter", exact=True).first.click()


def keys_can_be_turned_off(alice: Staff) -> None:
    page = alice.page
    page.locator("#queue-keys summary").click()
    alice.press("Turn them off here")
    page.locator("#queue-keys summary").click()
    expect(page.get_by_text("Single keys are off")).to_be_visible()
    alice.check_whole("keys-off")


def several_are_claimed_and_undone(alice: Staff, cast: Cast) -> None:
    page, cases = alice.page, [routine(cast), routine(cast)]
    page.goto("/staff/")
    for case in cases:
        page.check(f"#pick-{case.id}")
    page.evaluate(ASK)  # ticks are kept: nothing is swapped under them
    page.wait_for_timeout(300)
    assert page.is_checked(f"#pick-{cases[0].id}")
    alice.check_whole("chosen")
    alice.press("Claim them")
    expect(page.locator("h1")).to_have_text("Claim these cases")
    alice.check_whole("several")
    page.get_by_role("button", name="Claim these cases").click()
    expect(page.locator("main")).to_contain_text("2 cases claimed.")
    alice.check_whole("undoable")
    alice.press("Undo")
    expect(page.locator("main")).to_contain_text("Undone: 2 cases as before.")
    for case in cases:
        case.refresh_from_db()
        assert (case.status, case.owner) == (Episode.Status.OPEN, None)


def test_administrator_sets_a_webhook(
    open_page: Callable[..., Page], cast: Cast
) -> None:
    give_second_factor(cast.ada)
    page = open_page()
    ada = Staff(page, "webhooks")
    ada.sign_in(cast.ada, PASSWORD)
    page.goto("/staff/settings/webhooks/")
    ada.check("none")
    ada.press("Make the secret")
    expect(page.locator("main")).to_contain_text("whsec_")
    for size in at_sizes(page, PHONE, WIDE):
        ada.check(f"secret-{size['width']}")
        assert not page.evaluate(SIDEWAYS)
    page.emulate_media(color_scheme="dark")
    page.get_by_label("Receivers at the step: team").fill("http://x.example/")
    ada.press("Save")
    expect(page.locator(".error-summary")).to_contain_text("begins with https://")
    ada.check("refused")
    page.get_by_label("Receivers at the step: team").fill("https://x.example/")
    ada.press("Save")
    expect(page.locator("main")).to_contain_text("Saved.")
    assert "whsec_" not in page.content()
