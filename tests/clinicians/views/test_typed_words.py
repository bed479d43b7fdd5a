"""What was typed is not lost because something happened to the case meanwhile."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from clinicians.actions import claim, hand_over, note, record_contact
from clinicians.actions import close as close_case
from screening.models import Episode
from tests.cast import NOW, Cast, signed_in

WORDS = "Rang twice; her sister answered, and will call back at noon."


def in_hand(cast: Cast) -> Episode:
    due = timezone.now() + timedelta(hours=8)
    return claim(episode=cast.flagged(due_at=due), by=cast.alice, at=NOW)


def send(cast: Cast, who: str, name: str, episode: Episode, **data):
    address = reverse(f"clinicians:{name}", args=[episode.id])
    response = signed_in(getattr(cast, who)).post(address, data)
    return response.status_code, response.content.decode()


def test_reason_to_put_off_stays_in_its_form_and_can_be_sent_again(cast: Cast):
    episode = in_hand(cast)
    seen = episode.version
    note(episode=episode, text="New.", by=cast.alice, at=NOW)
    data = {"version": seen, "minutes": "60", "reason": WORDS}
    status, page = send(cast, "alice", "snooze", episode, **data)
    assert status == 409
    assert f"{WORDS}</textarea>" in page
    assert "This case has changed since you opened it" in page
    assert "Not saved" not in page
    episode.refresh_from_db()
    assert f'name="version" value="{episode.version}"' in page
    again = {**data, "version": episode.version}
    assert send(cast, "alice", "snooze", episode, **again)[0] == 302


def test_reason_to_hand_over_a_case_that_is_gone_is_shown_to_copy(cast: Cast):
    episode = in_hand(cast)
    hand_over(episode=episode, to=cast.bob, reason="", by=cast.sue, at=NOW)
    data = {"to": str(cast.sue.id), "reason": WORDS}
    status, page = send(cast, "alice", "hand-over", episode, **data)
    assert status == 409
    assert "Not saved: what you wrote" in page
    assert f"{WORDS}</textarea>" in page


def test_second_persons_note_stays(cast: Cast):
    episode = in_hand(cast)
    given: dict[str, Any] = {"by": cast.alice, "at": NOW}
    record_contact(episode=episode, outcome="spoke", text="", **given)
    episode.refresh_from_db()
    row = close_case(
        episode=episode,
        seen_version=episode.version,
        disposition="follow-up",
        note="Agreed on a plan.",
        **given,
    )
    data = {"version": row.version - 1, "note": WORDS}
    status, page = send(cast, "bob", "confirm", episode, **data)
    assert status == 409
    assert f"{WORDS}</textarea>" in page
    assert f'name="version" value="{row.version}"' in page


def test_what_was_sent_and_taken_is_not_shown_as_unsent(cast: Cast):
    episode = in_hand(cast)
    address = reverse("clinicians:note", args=[episode.id])
    response = signed_in(cast.alice).post(address, {"text": WORDS}, follow=True)
    page = response.content.decode()
    assert "The note is on the case." in page
    assert "Not saved" not in page
