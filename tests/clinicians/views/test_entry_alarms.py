"""What an entry raised: its pages say where the case is now, its owner's too."""

from datetime import timedelta

from django.utils import timezone

from clinicians.actions import claim, climbing
from screening.models import Episode
from tests.cast import Cast
from tests.clinicians.views.entries import begun

QUEUE = "This patient is in the queue now."
BACK = "The case is back in the queue; claim it again."
SOON = "Your case goes back to the queue for this; claim it again there."


def test_owner_is_told_that_the_case_went_back_to_the_queue(cast: Cast):
    at = timezone.now()
    episode = cast.flagged(opened_at=at, due_at=at + timedelta(hours=4))
    claim(episode=episode, by=cast.alice, at=at)
    desk = begun(cast.alice, episode.patient, mode="PHONE")
    desk.say(0, 9, "2")
    assert SOON in desk.see("entry-form")
    assert climbing.climb_case(episode_id=episode.id, at=timezone.now()) > 0
    assert Episode.objects.get().status == Episode.Status.OPEN
    page = desk.see("entry-form")
    assert BACK in page
    assert QUEUE not in page
    assert f'href="/staff/cases/{episode.id}/"' in page
    claim(episode=Episode.objects.get(), by=cast.alice, at=timezone.now())
    page = desk.see("entry-form")
    assert BACK not in page
    assert SOON not in page


def test_whoever_is_not_its_owner_is_not_asked_to_claim_again(cast: Cast):
    desk = begun(cast.bob, cast.flagged().patient, mode="PHONE")
    desk.say(0, 9, "2")
    assert QUEUE in desk.see("entry-form")
