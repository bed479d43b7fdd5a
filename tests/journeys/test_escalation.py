"""Nobody answers: the ladder by a moved clock, up to the banner, and what stops it."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import time_machine
from django.core import mail as outbox
from playwright.sync_api import Page, ViewportSize, expect

from clinicians.tasks import tick
from core.models import User
from screening.models import Episode
from tests.cast import NOW, Cast
from tests.journeys.steps import PERIOD, Staff, give_second_factor
from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"
WIDE: ViewportSize = {"width": 1440, "height": 900}
TOP = "1 case has gone up the whole ladder. Nobody has claimed it."
SILENT = "Notices are not being sent: the safety loop has stopped."
OTHERS = ("/staff/patients/", "/staff/absences/")


class Clock:
    """Moves everybody's clock; the safety loop runs at each stop, and runs twice."""

    def __init__(self, travel: time_machine.Traveller) -> None:
        self.travel = travel

    def to_fresh_code(self) -> None:
        """Go on to where a one-time code has all of its time before it."""
        self.travel.shift(timedelta(seconds=PERIOD - time.time() % PERIOD))

    def on(self, minutes: int, *, watched: bool = True) -> list[str]:
        """Go on so many minutes; whom the loop told then."""
        outbox.outbox.clear()
        self.travel.shift(timedelta(minutes=minutes))
        for _ in range(2 if watched else 0):
            while tick():
                pass
        return [address for message in outbox.outbox for address in message.to]


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOW, tick=True) as travel:
        yield Clock(travel)


class Desk(Staff):
    """A clinician who reads what stands on the pages."""

    def read(self, path: str, *, says: str = "", not_says: str = "") -> None:
        """Open a page that says one thing and not another."""
        self.page.goto(path)
        body = self.page.locator("body")
        expect(body).to_contain_text(says)
        if not_says:
            expect(body).not_to_contain_text(not_says)

    def look(self, path: str, *, says: str) -> None:
        """Read a page on a phone and on a wide screen, as everybody can."""
        for size in (PHONE, WIDE):
            self.page.set_viewport_size(size)
            self.read(path, says=says)
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - innerWidth"
            )
            assert wide <= 0, f"{path} is {wide} px too wide"
            self.check(f"{size['width']}")


def ready(site: str) -> bool:
    try:
        with urlopen(f"{site}/readyz") as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except HTTPError as error:
        return error.code != 503


def arrive(clock: Clock, open_page: Callable[..., Page], user: User) -> Desk:
    clock.to_fresh_code()
    desk = Desk(open_page(size=WIDE), "escalation")
    desk.sign_in(user, PASSWORD)
    return desk


def test_nobody_answers_until_somebody_claims(
    clock: Clock, open_page: Callable[..., Page], site: str, cast: Cast
) -> None:
    episode = cast.flagged(due_at=NOW + timedelta(hours=8))
    give_second_factor(cast.alice)
    # Each step is mailed once, though the loop runs twice.
    assert clock.on(0) == ["team@clinic.example"]
    assert clock.on(29) == []
    assert clock.on(1) == ["oncall@clinic.example"]
    desk = arrive(clock, open_page, cast.alice)
    desk.read("/staff/", not_says=TOP)
    assert clock.on(30) == ["boss@clinic.example"]

    # The top is on every page, and does not go away by being looked at.
    desk = arrive(clock, open_page, cast.alice)
    for path in OTHERS:
        desk.read(path, says=TOP, not_says=SILENT)
    for path in ("/staff/", f"/staff/cases/{episode.id}/"):
        desk.look(path, says=TOP)
    assert ready(site)

    # A loop that is late is worse than a case that nobody answers, and says so.
    clock.on(2, watched=False)
    desk.look("/staff/", says=SILENT)
    assert not ready(site)
    clock.on(0)
    assert ready(site)

    claim_by_keyboard(desk, episode)
    assert clock.on(55) == []
    leads_nowhere(clock, open_page, cast, episode)


def claim_by_keyboard(desk: Desk, episode: Episode) -> None:
    desk.page.goto("/staff/")
    desk.key(desk.page.get_by_role("button", name="Claim").first)
    expect(desk.page.locator("main")).to_contain_text("Alice Moore")
    desk.read("/staff/", not_says=TOP)
    episode.refresh_from_db()
    assert episode.status == Episode.Status.ACKNOWLEDGED


def leads_nowhere(
    clock: Clock, open_page: Callable[..., Page], cast: Cast, episode: Episode
) -> None:
    """Opened is not cleared: what was claimed and left climbs again, owner first."""
    assert clock.on(5) == [cast.alice.email]
    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Episode.Status.OPEN, cast.alice)
    steps = [clock.on(30) for _ in range(3)]
    assert steps == [[f"{who}@clinic.example"] for who in ("team", "oncall", "boss")]
    desk = arrive(clock, open_page, cast.alice)
    desk.read("/staff/", says=TOP)
    back = "Back in the queue: nothing was recorded in time"
    desk.read(f"/staff/cases/{episode.id}/", says=back)
