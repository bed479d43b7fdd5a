"""The safety loop: who is told when, what stops it, and what it survives."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail as outbox

from clinicians import notify, tasks
from clinicians.actions import claim, climbing, note
from clinicians.models import Notice, ReviewEvent
from clinicians.workflow import TOP, Status
from core.mail import MailFailed
from core.models import Clinic, SystemHeartbeat
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_flag, make_screening

STEP = timedelta(minutes=30)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def told() -> list[str]:
    return [address for message in outbox.outbox for address in message.to]


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
    assert message.subject == "1 item needs review by 14:00"
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
    assert outbox.outbox[0].subject == "1 item needs review by 10:00, which has passed"


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
        "2 items need review, the first by 12:00"
    ]
    assert Notice.objects.filter(sent_at=NOW).count() == 2


def failing(*, permanent: bool):
    def send(**_message):
        raise MailFailed("The mail server said no.", permanent=permanent)

    return send


def test_mail_that_fails_is_tried_again_later(cast: Cast, monkeypatch):
    cast.flagged()
    with monkeypatch.context() as broken:
        broken.setattr("core.mail.send", failing(permanent=False))
        tasks.tick(at(NOW))
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.attempts) == (None, 1)
    assert notice.next_at == NOW + timedelta(seconds=30)

    tasks.tick(at(NOW + timedelta(seconds=30)))
    assert told() == ["team@clinic.example"]


def test_mail_put_off_waits_longer_each_time(cast: Cast, monkeypatch):
    cast.flagged(due_at=NOW + timedelta(hours=4))
    monkeypatch.setattr("core.mail.send", failing(permanent=False))
    waits = []
    moment = NOW
    for _ in range(3):
        tasks.tick(at(moment))
        due = Notice.objects.get().next_at or moment
        waits.append((due - moment).seconds)
        moment = due
    assert waits == [30, 60, 120]


def test_address_that_is_refused_makes_the_ladder_climb_at_once(
    cast: Cast, monkeypatch
):
    cast.flagged()
    with monkeypatch.context() as broken:
        broken.setattr("core.mail.send", failing(permanent=True))
        tasks.tick(at(NOW))
    tasks.tick(at(NOW + timedelta(seconds=5)))
    assert told() == ["oncall@clinic.example"]
    assert ReviewEvent.objects.filter(kind="NOTICE_FAILED", code="team").exists()


def test_refused_address_at_the_top_makes_no_storm(cast: Cast, monkeypatch):
    Clinic.objects.update(ladder=[{"step": "supervisor", "emails": ["x@y.example"]}])
    cast.flagged()
    monkeypatch.setattr("core.mail.send", failing(permanent=True))
    for second in range(5):
        tasks.tick(at(NOW + timedelta(seconds=second)))
    assert Notice.objects.count() == 1


def test_sender_that_died_leaves_the_notice_due_again(cast: Cast, monkeypatch):
    cast.flagged(due_at=NOW + timedelta(hours=4))

    def dies(**_message):
        raise RuntimeError("pulled the plug")

    with monkeypatch.context() as broken:
        broken.setattr("core.mail.send", dies)
        tasks.tick(at(NOW))
    assert told() == []
    tasks.tick(at(NOW + timedelta(minutes=2)))
    assert told() == ["team@clinic.example"]


def test_one_broken_case_holds_up_no_other(cast: Cast, monkeypatch):
    first, second = cast.flagged(), cast.flagged()
    climb = climbing.climb_case

    def broken(*, episode_id, at):
        if episode_id == first.id:
            raise RuntimeError("bad row")
        return climb(episode_id=episode_id, at=at)

    monkeypatch.setattr(climbing, "climb_case", broken)
    tasks.tick(at(NOW))
    assert Notice.objects.get().episode == second


def test_owner_who_left_is_skipped(cast: Cast):
    claim(episode=cast.flagged(due_at=NOW + timedelta(hours=4)), by=cast.alice, at=NOW)
    cast.alice.is_active = False
    cast.alice.save()
    tasks.tick(at(NOW + timedelta(minutes=60)))
    assert told() == ["team@clinic.example"]


def test_heartbeat_is_written_each_time(cast: Cast):
    tasks.tick(at(NOW))
    later = NOW + timedelta(seconds=5)
    tasks.tick(at(later))
    assert SystemHeartbeat.objects.get(name="watch").at == later


@pytest.mark.parametrize(
    ("due", "now", "text"),
    [
        (NOW, NOW - STEP, "1 item needs review by 10:00"),
        (NOW + timedelta(days=1), NOW, "1 item needs review by 10:00 on Wed 16 Sep"),
        (NOW, NOW, "1 item needs review by 10:00, which has passed"),
    ],
)
def test_summary_speaks_the_clinics_own_time(cast: Cast, due, now, text):
    assert notify.summary([due], zone=cast.clinic.zone, at=now) == text
