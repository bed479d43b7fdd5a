"""The safety loop: who is told when, what stops it, and what it survives."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from clinicians import notify, tasks
from clinicians.actions import claim, climbing, note
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import TOP, Status
from core.models import Clinic
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_flag, make_screening
from tests.clinicians.watching import STEP, at, told


def test_urgent_case_is_told_to_the_team_at_once(cast: Cast):
    episode = cast.flagged(due_at=NOW + timedelta(hours=4))
    tasks.tick(at(NOW))

    episode.refresh_from_db()
    assert told() == ["team@clinic.example"]
    assert (episode.ladder_step, episode.next_notice_at) == (2, NOW + STEP)
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.next_at, notice.step) == (NOW, None, "team")


def test_message_says_when_and_nothing_else(cast: Cast):
    episode = cast.flagged(due_at=NOW + timedelta(hours=4))
    tasks.tick(at(NOW))

    message = outbox.outbox[0]
    assert message.subject == "1 item needs review by 14:00 EDT"
    assert message.subject in message.body
    for secret in (episode.patient.family_name, "item 9", "PHQ", "death", "suicid"):
        assert secret.lower() not in f"{message.subject} {message.body}".lower()


def test_ladder_climbs_until_somebody_answers(cast: Cast):
    cast.flagged()
    for step in range(3):
        tasks.tick(at(NOW + STEP * step))
    assert told() == [
        "team@clinic.example",
        "oncall@clinic.example",
        "boss@clinic.example",
    ]


def test_step_is_sent_once_however_often_the_loop_runs(cast: Cast):
    cast.flagged()
    for _ in range(3):
        tasks.tick(at(NOW + timedelta(minutes=1)))
    assert told() == ["team@clinic.example"]


def test_claim_stops_the_ladder(cast: Cast):
    episode = cast.flagged(due_at=NOW + timedelta(hours=4))
    tasks.tick(at(NOW))
    claim(episode=episode, by=cast.alice, at=NOW + timedelta(minutes=1))
    tasks.tick(at(NOW + STEP))
    assert told() == ["team@clinic.example"]


def test_top_of_the_ladder_repeats_and_stays_on_the_pages(cast: Cast):
    episode = cast.flagged()
    for step in range(3):
        tasks.tick(at(NOW + STEP * step))
    assert climbing.at_top(cast.clinic.id) == 1

    tasks.tick(at(NOW + STEP * 2 + timedelta(hours=1)))
    episode.refresh_from_db()
    assert told()[-2:] == ["boss@clinic.example", "boss@clinic.example"]
    assert episode.ladder_step == TOP


def test_claim_that_leads_nowhere_goes_back_and_tells_its_owner(cast: Cast):
    episode = claim(
        episode=cast.flagged(due_at=NOW + timedelta(hours=4)), by=cast.alice, at=NOW
    )
    tasks.tick(at(NOW + timedelta(minutes=60)))

    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Status.OPEN, cast.alice)
    assert told() == [cast.alice.email]
    tasks.tick(at(NOW + timedelta(minutes=90)))
    assert told()[-1] == "team@clinic.example"
    assert episode.events.filter(kind=ReviewEvent.Kind.TIMED_OUT).count() == 1


def test_work_in_hand_is_left_alone(cast: Cast):
    episode = claim(
        episode=cast.flagged(due_at=NOW + timedelta(hours=8)), by=cast.alice, at=NOW
    )
    note(episode=episode, text="Rang.", by=cast.alice, at=NOW + timedelta(minutes=50))
    tasks.tick(at(NOW + timedelta(minutes=70)))
    assert told() == []


def test_new_urgent_flag_on_a_claimed_case_asks_again(cast: Cast):
    episode = claim(
        episode=cast.flagged(due_at=NOW + timedelta(hours=4)), by=cast.alice, at=NOW
    )
    later = NOW + timedelta(minutes=10)
    make_flag(episode, make_screening(episode.patient), raised_at=later)
    Episode.objects.filter(id=episode.id).update(
        next_notice_at=later, last_flag_at=later, ladder_step=0
    )
    tasks.tick(at(later))

    episode.refresh_from_db()
    assert episode.status == Status.OPEN
    assert told() == [cast.alice.email]
    assert episode.events.filter(kind=ReviewEvent.Kind.FLAG_JOINED).exists()


def test_empty_ladder_goes_straight_to_the_banner(cast: Cast):
    Clinic.objects.update(ladder=[])
    cast.flagged()
    tasks.tick(at(NOW))
    assert told() == []
    assert climbing.at_top(cast.clinic.id) == 1
    assert ReviewEvent.objects.get().kind == ReviewEvent.Kind.NOBODY_TO_TELL


def test_unknown_step_silences_no_other(cast: Cast):
    Clinic.objects.update(
        ladder=[
            {"step": "porter", "emails": ["x@clinic.example"]},
            {"step": "supervisor", "emails": ["boss@clinic.example"]},
        ]
    )
    cast.flagged()
    tasks.tick(at(NOW))
    assert told() == ["boss@clinic.example"]


def test_routine_case_is_told_when_it_is_overdue(cast: Cast):
    due = NOW + timedelta(days=1)
    cast.flagged(tier=Tier.ROUTINE, due_at=due, next_notice_at=due)
    tasks.tick(at(NOW))
    assert told() == []
    tasks.tick(at(due))
    assert (
        outbox.outbox[0].subject == "1 item needs review by 10:00 EDT, which has passed"
    )


def test_replayed_answers_call_nobody(cast: Cast):
    Clinic.objects.update(purpose=Clinic.Purpose.REPLAY)
    episode = cast.flagged()
    tasks.tick(at(NOW))
    episode.refresh_from_db()
    assert (told(), episode.next_notice_at) == ([], None)


def test_two_items_for_one_person_are_one_message(cast: Cast):
    cast.flagged(due_at=NOW + timedelta(hours=4))
    cast.flagged(due_at=NOW + timedelta(hours=2))
    tasks.tick(at(NOW))
    assert [m.subject for m in outbox.outbox] == [
        "2 items need review, the first by 12:00 EDT"
    ]
    assert Notice.objects.filter(sent_at=NOW).count() == 2


@pytest.mark.parametrize(
    ("due", "now", "text"),
    [
        (NOW, NOW - STEP, "1 item needs review by 10:00 EDT"),
        (
            NOW + timedelta(days=1),
            NOW,
            "1 item needs review by 10:00 EDT on Wed 16 Sep",
        ),
        (NOW, NOW, "1 item needs review by 10:00 EDT, which has passed"),
    ],
)
def test_summary_speaks_the_clinics_own_time(cast: Cast, due, now, text):
    assert notify.summary([due], zone=cast.clinic.zone, at=now) == text


def test_routine_items_of_one_round_are_one_message_a_person(cast: Cast):
    """Nothing is mailed about them before they are overdue; then all in one, once."""
    due = NOW + timedelta(days=1)
    for _ in range(3):
        cast.flagged(tier=Tier.ROUTINE, due_at=due, next_notice_at=due)
    for moment in (NOW, due, due, due + timedelta(minutes=1)):
        tasks.tick(at(moment))
    assert told() == ["team@clinic.example"]
    assert outbox.outbox[0].subject.startswith("3 items need review")
    keys = Notice.objects.values_list("episode", "round", "step", "channel")
    assert len(set(keys)) == len(keys) == 3
