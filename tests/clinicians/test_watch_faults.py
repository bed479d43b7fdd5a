"""The safety loop under faults: mail that fails, rows that break, keys that are gone."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import DatabaseError, connection

from clinicians import tasks
from clinicians.actions import claim, climbing, notices
from clinicians.models import Notice, PatientMail, ReviewEvent
from core.mail import MailFailed
from core.models import Clinic, SystemHeartbeat
from tests.cast import NOW, Cast
from tests.clinicians.planned import asked
from tests.clinicians.watching import STEP, at, told


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


def lose_the_key() -> None:
    """As the rows stand after their key was taken out of the ring."""
    table = Notice._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET recipient = 'gone.AA.AA'")  # noqa: S608


def test_address_that_cannot_be_read_holds_up_no_other(cast: Cast):
    lost = cast.flagged()
    climbing.climb_case(episode_id=lost.id, at=NOW)
    lose_the_key()
    cast.flagged(due_at=NOW + timedelta(hours=4))
    tasks.tick(at(NOW))

    assert told() == ["team@clinic.example"]
    notice = lost.notices.get(step="team")
    assert (notice.failed_at, notice.next_at) == (NOW, None)
    assert "cannot be read" in notice.last_error
    assert lost.events.filter(kind="NOTICE_FAILED", code="team").exists()
    tasks.tick(at(NOW + timedelta(seconds=5)))
    assert told()[-1] == "oncall@clinic.example"


def test_one_refused_address_of_several_is_on_the_case(cast: Cast):
    emails = ["gone@clinic.example", "team@clinic.example"]
    Clinic.objects.update(ladder=[{"step": "team", "emails": emails}])
    episode = cast.flagged()
    climbing.climb_case(episode_id=episode.id, at=NOW)
    notices.give_up(episode.notices.all()[:1], error="no", at=NOW)
    assert episode.events.filter(kind="NOTICE_FAILED").count() == 1
    episode.refresh_from_db()
    assert episode.next_notice_at == NOW + STEP


def test_mail_put_off_for_ever_waits_its_longest(cast: Cast):
    episode = cast.flagged()
    climbing.climb_case(episode_id=episode.id, at=NOW)
    notice = episode.notices.get()
    notice.attempts = 5000
    notices.put_off([notice], error="no", at=NOW)
    notice.refresh_from_db()
    assert notice.next_at == NOW + notices.LONGEST_WAIT


def beats() -> bool:
    return SystemHeartbeat.objects.filter(name="watch").exists()


def breaks(*_args, **_kwargs):
    raise DatabaseError("the table is gone")


@pytest.mark.parametrize(
    "broken", [(climbing, "due_cases"), (notices, "claim_due")], ids=["climb", "send"]
)
def test_heart_stops_when_nobody_can_be_told(cast: Cast, monkeypatch, broken):
    cast.flagged()
    monkeypatch.setattr(*broken, breaks)
    tasks.tick(at(NOW))
    assert not beats()


def test_mail_to_a_patient_is_no_heartbeat_of_notices_that_cannot_leave(
    cast: Cast, monkeypatch
):
    cast.flagged()
    asked(cast)
    monkeypatch.setattr(notices, "claim_due", breaks)
    tasks.tick(at(NOW))
    assert PatientMail.objects.filter(kind="INVITATION", sent_at=NOW).exists()
    assert not beats()


def test_heart_stops_when_every_case_fails(cast: Cast, monkeypatch):
    cast.flagged(), cast.flagged()
    monkeypatch.setattr(climbing, "climb_case", breaks)
    tasks.tick(at(NOW))
    assert not beats()


def test_heart_beats_on_beside_one_broken_case(cast: Cast, monkeypatch):
    cast.flagged()
    monkeypatch.setattr(climbing, "climb_case", breaks)
    tasks.tick(at(NOW))
    assert beats()


def test_heart_beats_on_while_mail_is_put_off(cast: Cast, monkeypatch):
    cast.flagged()
    monkeypatch.setattr("core.mail.send", failing(permanent=False))
    tasks.tick(at(NOW))
    assert beats()


def test_clock_that_ran_ahead_for_a_moment_silences_no_urgent_case(cast: Cast):
    cast.flagged(next_notice_at=NOW + timedelta(days=400))
    resting = cast.flagged(next_notice_at=NOW + timedelta(minutes=240))
    tasks.tick(at(NOW))
    assert told() == ["team@clinic.example"]
    assert not resting.notices.exists()
    tasks.tick(at(NOW + timedelta(seconds=5)))
    assert len(told()) == 1


def test_notice_that_a_wrong_clock_put_off_is_sent(cast: Cast):
    episode = cast.flagged()
    climbing.climb_case(episode_id=episode.id, at=NOW)
    Notice.objects.update(next_at=NOW + timedelta(days=400))
    tasks.tick(at(NOW))
    assert told() == ["team@clinic.example"]


def test_of_two_senders_the_first_is_recorded(cast: Cast):
    episode = cast.flagged()
    climbing.climb_case(episode_id=episode.id, at=NOW)
    first = notices.claim_due(at=NOW)
    later = NOW + timedelta(minutes=3)  # the first one's lease has run out
    second = notices.claim_due(at=later)
    assert [n.key for n in first] == [n.key for n in second]
    notices.mark_sent(second, at=later)
    notices.mark_sent(first, at=later + timedelta(seconds=9))
    notices.give_up(first, error="no", at=later)
    assert Notice.objects.get().sent_at == later


def test_message_sent_twice_carries_the_same_keys(cast: Cast):
    cast.flagged(due_at=NOW + timedelta(hours=4))
    cast.flagged(due_at=NOW + timedelta(hours=2))
    tasks.tick(at(NOW))
    Notice.objects.update(sent_at=None, next_at=NOW)  # it died before it said so
    tasks.tick(at(NOW))
    first, second = (m.extra_headers for m in outbox.outbox)
    assert first == second
    keys = sorted(Notice.objects.values_list("key", flat=True))
    assert first["X-Notice-Keys"] == ", ".join(keys)
    assert first["Message-ID"].endswith("@example.org>")


def test_slow_mail_server_gives_the_loop_back_and_counts_no_try(
    cast: Cast, monkeypatch
):
    team = [f"{name}@clinic.example" for name in "abcd"]
    cast.clinic.ladder = [{"step": "team", "emails": team}]
    cast.clinic.save()
    cast.flagged()
    now, took = [0.0], []

    def send(*, to: str, **_message: object) -> None:
        took.append(to)
        now[0] += 10

    monkeypatch.setattr("core.mail.send", send)
    monkeypatch.setattr(tasks, "monotonic", lambda: now[0])
    assert tasks.tick(at(NOW))
    assert len(took) == 2
    waiting = Notice.objects.filter(next_at=NOW, attempts=0, sent_at=None)
    assert waiting.count() == 2
    assert tasks.tick(at(NOW))
    assert sorted(took) == team
