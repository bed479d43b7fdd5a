"""The pages of putting off, handing over and being away."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.actions import claim, go_away
from clinicians.models import Absence
from screening.models import Episode
from tests.cast import Cast, signed_in
from tests.support.html import check_html

AWAY = "/staff/absences/"


def in_hand(cast: Cast) -> Episode:
    at = timezone.now()
    due = at + timedelta(hours=8)
    return claim(episode=cast.flagged(due_at=due), by=cast.alice, at=at)


def url(name: str, episode: Episode) -> str:
    return reverse(f"clinicians:{name}", args=[episode.id])


def opened(page: bytes) -> str:
    text = page.decode()
    return text.split('name="opened" value="')[1].split('"')[0]


def test_owner_puts_off_and_takes_up_again(cast: Cast):
    episode, client = in_hand(cast), signed_in(cast.alice)
    given = {"version": episode.version, "minutes": "60", "reason": "At work."}
    assert client.post(url("snooze", episode), given).status_code == 302
    page = client.get(url("case", episode)).content
    assert b"Put off until" in page
    assert client.post(url("wake", episode)).status_code == 302


def test_longer_than_offered_is_refused(cast: Cast):
    episode = in_hand(cast)
    given = {"version": episode.version, "minutes": "2880", "reason": "x"}
    response = signed_in(cast.alice).post(url("snooze", episode), given)
    assert response.status_code == 422


def test_case_is_handed_to_a_colleague(cast: Cast):
    episode = in_hand(cast)
    given = {"to": str(cast.bob.id), "reason": ""}
    assert signed_in(cast.alice).post(url("hand-over", episode), given).status_code
    episode.refresh_from_db()
    assert episode.owner == cast.bob


def test_case_of_another_is_not_handed_over(cast: Cast):
    episode = in_hand(cast)
    given = {"to": str(cast.bob.id), "reason": ""}
    response = signed_in(cast.bob).post(url("hand-over", episode), given)
    assert response.status_code == 409


@pytest.mark.parametrize("act", ["snooze", "wake", "hand-over"])
@pytest.mark.parametrize(("who", "status"), [("charlie", 404), ("ada", 403)])
def test_stranger_and_administrator_are_refused(cast: Cast, act, who, status):
    client = signed_in(getattr(cast, who))
    assert client.post(url(act, in_hand(cast))).status_code == status


def test_event_keeps_how_long_the_case_was_open(cast: Cast):
    episode, client = in_hand(cast), signed_in(cast.alice)
    stamp = opened(client.get(url("case", episode)).content)
    for given in (stamp, f"{stamp}x", ""):
        client.post(url("note", episode), {"text": "Rang.", "opened": given})
    seconds = [e.seconds for e in episode.events.filter(kind="NOTE").order_by("at")]
    assert seconds[0] is not None
    assert seconds[1:] == [None, None]


def test_absence_is_set_on_the_page_and_called_off(cast: Cast):
    client = signed_in(cast.alice)
    given = {
        "user": str(cast.alice.id),
        "cover": str(cast.bob.id),
        "starts_at": "2040-07-01T08:00",
        "ends_at": "2040-07-08T08:00",
    }
    assert client.post(AWAY, given).status_code == 302
    row = Absence.objects.get()
    # Noon in UTC: typed on the clinic's own clock.
    assert row.starts_at.hour == 12
    page = client.get(AWAY).content
    check_html(page.decode())
    assert b"Bob Stone" in page
    client.post(reverse("clinicians:call-off", args=[row.id]))
    assert Absence.objects.get().cancelled_at


def test_refused_absence_says_why(cast: Cast):
    given = {
        "user": str(cast.sue.id),
        "cover": str(cast.bob.id),
        "starts_at": "2040-07-08T08:00",
        "ends_at": "2040-07-01T08:00",
    }
    response = signed_in(cast.sue).post(AWAY, given)
    assert response.status_code == 422
    assert b"ends before it begins" in response.content


def test_clinician_sets_nobody_elses_absence(cast: Cast):
    given = {
        "user": str(cast.sue.id),
        "cover": str(cast.bob.id),
        "starts_at": "2040-07-01T08:00",
        "ends_at": "2040-07-08T08:00",
    }
    assert signed_in(cast.alice).post(AWAY, given).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("bob", 302), ("charlie", 404)])
def test_absence_of_somebody_else_stays(cast: Cast, who, status):
    at = timezone.now()
    end = at + timedelta(days=1)
    row = go_away(
        user=cast.alice, cover=cast.bob, starts_at=at, ends_at=end, by=cast.alice, at=at
    )
    path = reverse("clinicians:call-off", args=[row.id])
    assert signed_in(getattr(cast, who)).post(path).status_code == status
    row.refresh_from_db()
    assert row.cancelled_at is None


def test_shift_is_handed_over_on_the_page(cast: Cast):
    episode = in_hand(cast)
    client = signed_in(cast.alice)
    check_html(client.get(AWAY).content.decode())
    client.post(reverse("clinicians:hand-over-shift"), {"to": str(cast.bob.id)})
    episode.refresh_from_db()
    assert episode.owner == cast.bob
