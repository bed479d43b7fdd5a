"""Two at once: one claims, one sends, one asks, and nothing is done twice."""

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection, transaction

from clinicians import tasks
from clinicians.actions import (
    ClaimedByOther,
    base,
    claim,
    climbing,
    device,
    inviting,
    notices,
    reviewing,
)
from clinicians.actions.inviting import ask_once, open_screenings
from clinicians.actions.inviting_many import Wanted, invite_many
from clinicians.models import Notice, PatientMail, ReviewEvent, ScheduleRun
from core import audit
from core.audit import proof
from core.models import AuditHead, Patient
from screening.models import Episode, Screening
from tests.cast import NOW, make_cast, make_episode
from tests.clinicians.planned import asked, reachable
from tests.clinicians.test_schedules import FIRST, morning, started

pytestmark = pytest.mark.django_db(transaction=True)


def together(*runs: Callable[[], object]) -> list[object]:
    """Run these at the same moment; what each returned or raised."""
    barrier = threading.Barrier(len(runs))
    results: list[object] = [None] * len(runs)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = runs[number]()
        except ClaimedByOther as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_claims_one_wins_and_the_other_is_told_who():
    cast = make_cast()
    episode = cast.flagged()
    results = together(
        lambda: claim(episode=episode, by=cast.alice, at=NOW),
        lambda: claim(episode=episode, by=cast.bob, at=NOW),
    )
    episode.refresh_from_db()
    (refused,) = [r for r in results if isinstance(r, ClaimedByOther)]
    assert refused.owner == episode.owner
    assert ReviewEvent.objects.count() == 1


def test_two_loops_send_each_notice_once():
    cast = make_cast()
    for _ in range(4):
        cast.flagged(due_at=NOW + timedelta(hours=4))
    together(*[lambda: tasks.tick(lambda: NOW)] * 3)
    tasks.tick(lambda: NOW)

    assert Notice.objects.filter(sent_at=NOW, attempts=1).count() == 4
    assert sum(int(m.subject.split()[0]) for m in outbox.outbox) == 4
    assert ReviewEvent.objects.filter(kind="ESCALATED").count() == 4


def test_two_loops_ask_and_mail_each_patient_once():
    cast = make_cast()
    for _ in range(3):
        started(cast)
    now = morning(FIRST)
    together(*[lambda: tasks.tick(lambda: now)] * 3)
    tasks.tick(lambda: now)

    assert ScheduleRun.objects.filter(skipped="").count() == 3
    assert Screening.objects.count() == 3
    sent = PatientMail.objects.filter(kind="INVITATION", sent_at=now, attempts=1)
    assert sent.count() == 3
    assert len(outbox.outbox) == 3


def test_invitation_of_several_pressed_twice_is_done_once():
    cast = make_cast()
    wanted = [Wanted(reachable(cast).id, ["phq-9"], "en") for _ in range(3)]
    batch = uuid.uuid4()

    def press() -> object:
        return invite_many(
            batch_id=batch, clinic=cast.clinic, wanted=wanted, by=cast.fred, at=NOW
        )

    first, second = together(press, press)
    assert first == second
    assert Screening.objects.count() == 3
    assert PatientMail.objects.filter(kind="INVITATION").count() == 3


def test_invitation_pressed_twice_at_once_makes_one_screening(monkeypatch):
    cast = make_cast()
    patient = reachable(cast)
    both, ask = threading.Barrier(2), inviting.ask

    def asks(**given: Any) -> object:
        # Here both would stand, had neither waited for the other before.
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return ask(**given)

    monkeypatch.setattr(inviting, "ask", asks)

    def press() -> object:
        return ask_once(
            patient=Patient.objects.get(id=patient.id),
            battery=["phq-9"],
            language="en",
            by=audit.Actor.staff(cast.fred),
            at=NOW,
            mailed=True,
        ).id

    first, second = together(press, press)
    assert first == second is not None
    assert Screening.objects.count() == 1
    assert PatientMail.objects.filter(kind="INVITATION").count() == 1


def test_device_is_handed_over_while_the_patient_raises_a_flag(monkeypatch):
    cast = make_cast()
    cast.clinic.kiosk_enabled = True
    cast.clinic.save()
    patient = reachable(cast)
    made = asked(cast, patient)
    held, answering = threading.Event(), threading.Event()

    def waits(ids: list[uuid.UUID]) -> object:
        found = open_screenings(ids)
        held.set()  # the patient's row is locked; the screening's is not yet
        answering.wait(1)
        return found

    def answers() -> None:
        held.wait(5)
        with transaction.atomic():
            row = Screening.objects.select_for_update().get(id=made.screening.id)
            answering.set()
            make_episode(row.patient)

    def hands() -> None:
        device.hand_device(
            patient=Patient.objects.get(id=patient.id),
            battery=["phq-9"],
            language="en",
            by=cast.fred,
            at=NOW,
        )

    monkeypatch.setattr(device, "open_screenings", waits)
    together(hands, answers)
    assert Episode.objects.filter(patient=patient).count() == 1
    assert made.screening.invitations.count() == 2


def test_claim_and_an_address_that_is_given_up_do_not_wait_for_each_other(monkeypatch):
    cast = make_cast()
    episode = cast.flagged()
    climbing.climb_case(episode_id=episode.id, at=NOW)
    owed = notices.claim_due(at=NOW)
    held, begun = threading.Event(), threading.Event()
    stop_notices = base.stop_notices

    def stops(row: Episode, **more: object) -> None:
        held.set()  # the case is locked by the claim: now the other one comes
        begun.wait(5)
        stop_notices(row, at=NOW)

    def gives_up() -> None:
        held.wait(5)
        threading.Timer(0.5, begun.set).start()
        notices.give_up(owed, error="no", at=NOW)

    monkeypatch.setattr(reviewing, "stop_notices", stops)
    together(lambda: claim(episode=episode, by=cast.alice, at=NOW), gives_up)
    episode.refresh_from_db()
    assert episode.owner == cast.alice
    notice = Notice.objects.get()
    assert (notice.stopped_at, notice.failed_at) == (NOW, None)


def test_day_that_two_loops_close_at_once_is_closed_once(monkeypatch):
    make_cast()
    both = threading.Barrier(2)
    moved_since = proof._moved_since

    def moved(start: object) -> dict[str, list[int | str]]:
        found = moved_since(None)
        # Where only one may write at a time, the second comes after.
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return found

    monkeypatch.setattr(proof, "_moved_since", moved)
    heads = together(*[lambda: audit.close_day(NOW)] * 2)
    assert heads[0] == heads[1] == AuditHead.objects.get()
