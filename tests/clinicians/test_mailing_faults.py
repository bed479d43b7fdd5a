"""Mails to patients when the mail server or the night is in the way."""

from datetime import datetime, timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from clinicians import tasks
from clinicians.actions import mailing
from clinicians.models import PatientMail
from core.mail import MailFailed
from core.models import AuditEvent, SystemHeartbeat
from core.permissions import PermissionRefused
from screening.actions import revoke_invitation
from screening.models import Invitation
from tests.cast import NOW, Cast, signed_in
from tests.clinicians.planned import ADDRESS, DAY, asked, reachable, tick
from tests.clinicians.test_mailing import link_in
from tests.clinicians.test_schedules import FIRST, morning, started
from tests.clinicians.watching import at

NIGHT = timedelta(hours=14)


def breaking(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(**_message: object) -> None:
        raise error

    monkeypatch.setattr("core.mail.send", send)


def test_mail_that_fails_is_tried_with_growing_waits_then_given_up(
    cast: Cast, monkeypatch
):
    asked(cast, until=NOW + 99 * DAY)
    breaking(
        monkeypatch, MailFailed("The mail server was not reached.", permanent=False)
    )
    moment, waits = NOW, []
    mail = PatientMail.objects.get(kind="INVITATION")
    while mail.next_at is not None:
        waits.append(mail.next_at - moment)
        moment = mail.next_at
        tasks.send_mails_due(at(moment))
        mail.refresh_from_db()
    assert waits[1:4] == [timedelta(seconds=s) for s in (60, 120, 240)]
    assert waits == sorted(waits)
    assert mail.failed_at == moment
    assert AuditEvent.objects.get(kind="PATIENT_MAIL_FAILED").object_id == str(
        mail.screening_id
    )


def test_refused_address_shows_and_is_tried_again_with_one_press(
    cast: Cast, monkeypatch
):
    made = asked(cast)
    with monkeypatch.context() as broken:
        breaking(
            broken, MailFailed("The mail server refused the address.", permanent=True)
        )
        tick(NOW)
    Invitation.objects.update(expires_at=NOW + 9999 * DAY)
    mail = PatientMail.objects.get(kind="INVITATION")
    patient = made.screening.patient
    client = signed_in(cast.fred)
    page = client.get(reverse("clinicians:patient", args=[patient.id]))
    said = "E-mail could not be delivered: The mail server refused the address."
    assert said in page.content.decode()
    assert said in client.get(reverse("clinicians:missed")).content.decode()
    listed = client.get(reverse("clinicians:patients")).content.decode()
    assert "1 e-mail to a patient could not be delivered." in listed

    again = reverse("clinicians:mail-again", args=[patient.id, mail.id])
    assert signed_in(cast.charlie).post(again).status_code == 404
    assert signed_in(cast.liv).post(again).status_code == 403
    assert client.get(again).status_code == 405
    assert "on its way again" in client.post(again, follow=True).content.decode()
    assert "on its way already" in client.post(again, follow=True).content.decode()
    tick(timezone.now())
    assert [link_in(m) for m in outbox.outbox] == [f"/i/{made.token}/"]


def test_mail_of_another_clinic_is_not_tried_again(cast: Cast):
    asked(cast)
    mail = PatientMail.objects.get(kind="INVITATION")
    with pytest.raises(PermissionRefused):
        mailing.try_again(mail=mail, by=cast.charlie, at=NOW)


def test_loop_that_died_after_sending_sends_the_same_message_once_more(
    cast: Cast, monkeypatch
):
    asked(cast)

    def dies(_mail: PatientMail, *, at: datetime) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(mailing, "mark_sent", dies)
        with pytest.raises(SystemExit):
            tick(NOW)
    tick(NOW + timedelta(minutes=1))
    assert len(outbox.outbox) == 1
    tick(NOW + mailing.LEASE)
    first, second = outbox.outbox
    assert link_in(first) == link_in(second)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert PatientMail.objects.get(kind="INVITATION").sent_at


def test_server_that_is_not_reached_is_asked_once_a_round(cast: Cast, monkeypatch):
    for _ in range(3):
        asked(cast)
    tried = []

    def send(**message: object) -> None:
        tried.append(message)
        raise MailFailed(
            "The mail server was not reached.", permanent=False, reached=False
        )

    monkeypatch.setattr("core.mail.send", send)
    tasks.tick(lambda: NOW)
    assert len(tried) == 1
    assert SystemHeartbeat.objects.get(name="watch").at == NOW
    waiting = PatientMail.objects.filter(last_error="The mail server was not reached.")
    assert waiting.count() == 3


def test_one_mail_that_cannot_be_made_or_taken_holds_up_no_other(
    cast: Cast, monkeypatch
):
    for email in ("odd@example.org", "later@example.org", ADDRESS):
        asked(cast, reachable(cast, email=email))

    def send(*, to: str, **_message: object) -> None:
        if to == "odd@example.org":
            raise KeyError("a fault of ours")
        if to == "later@example.org":
            raise MailFailed("The mail server answered 450.", permanent=False)

    monkeypatch.setattr("core.mail.send", send)
    tasks.tick(lambda: NOW)
    mails = PatientMail.objects.filter(kind="INVITATION")
    assert mails.filter(sent_at=NOW).count() == 1
    assert sorted(
        mails.exclude(last_error="").values_list("last_error", flat=True)
    ) == [
        "The mail server answered 450.",
        "The message could not be made.",
    ]


def test_mail_whose_link_is_revoked_while_another_is_sent_stays(
    cast: Cast, monkeypatch
):
    made = [asked(cast) for _ in range(2)]
    sent = []

    def send(**message: object) -> None:
        sent.append(message)
        for one in made:
            revoke_invitation(invitation=one.invitation, by=mailing.SENDER, at=NOW)

    monkeypatch.setattr("core.mail.send", send)
    tasks.tick(at(NOW))
    assert len(sent) == 1
    mails = PatientMail.objects.filter(kind="INVITATION")
    assert mails.filter(sent_at=NOW, attempts=1).count() == 1
    stopped = mails.get(stopped_at=NOW)
    assert (stopped.attempts, stopped.last_error) == (
        0,
        "The link had stopped working.",
    )


def test_slow_mail_server_gets_few_mails_a_round(cast: Cast, monkeypatch):
    for _ in range(3):
        asked(cast)
    now = [0.0]

    def send(**_message: object) -> None:
        now[0] += 10

    monkeypatch.setattr("core.mail.send", send)
    monkeypatch.setattr(tasks, "monotonic", lambda: now[0])
    mails = PatientMail.objects.filter(kind="INVITATION")
    assert tasks.send_mails_due(at(NOW))
    assert mails.filter(sent_at=NOW).count() == 2
    assert mails.get(sent_at=None).attempts == 0
    assert not tasks.send_mails_due(at(NOW))
    assert mails.filter(sent_at=NOW).count() == 3


def test_mail_at_which_the_server_hangs_up_keeps_no_other_back(cast: Cast, monkeypatch):
    asked(cast, reachable(cast, email="odd@example.org"))
    asked(cast)

    def send(*, to: str, **_message: object) -> None:
        if to == "odd@example.org":
            raise MailFailed("Hung up.", permanent=False, reached=False)

    monkeypatch.setattr("core.mail.send", send)
    mails = PatientMail.objects.filter(kind="INVITATION")
    for minute in range(4):
        tasks.send_mails_due(at(NOW + timedelta(minutes=minute, seconds=1)))
    assert mails.filter(sent_at__isnull=False, attempts=1).count() == 1
    assert mails.get(sent_at=None).attempts > 1


def test_reminder_that_is_late_waits_for_the_morning(cast: Cast):
    asked(cast)
    tick(NOW)
    due = PatientMail.objects.get(kind="REMINDER").due_at
    tick(due + NIGHT)
    assert len(outbox.outbox) == 1
    reminder = PatientMail.objects.get(kind="REMINDER")
    assert (reminder.next_at, reminder.attempts) == (due + DAY, 0)
    tick(due + DAY)
    assert len(outbox.outbox) == 2


def test_planned_invitation_that_failed_is_not_tried_at_night(cast: Cast, monkeypatch):
    started(cast)
    with monkeypatch.context() as broken:
        breaking(broken, MailFailed("no", permanent=False))
        tick(morning(FIRST))
    PatientMail.objects.update(next_at=morning(FIRST) + NIGHT)
    tick(morning(FIRST) + NIGHT)
    assert outbox.outbox == []
    tick(morning(FIRST) + DAY)
    assert len(outbox.outbox) == 1


def test_invitation_that_somebody_pressed_for_goes_out_at_night(cast: Cast):
    asked(cast)
    tick(NOW + NIGHT)
    assert len(outbox.outbox) == 1
