"""Mails to patients: neutral, sent by the loop, never after they lost their point."""

import re
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
from screening.actions.entry import stop
from screening.models import Invitation, Screening
from screening.models.sitting import load
from tests.cast import NOW, Cast, make_patient, signed_in
from tests.clinicians.planned import ADDRESS, DAY, asked, reachable, tick
from tests.clinicians.watching import at

# In either language, or a part of it.
NEVER = "PHQ GAD depres ansied anxi mood suic mental questionn cuestion health salud"
REMIND = NOW + 3 * DAY


def link_in(message: outbox.EmailMessage) -> str:
    (found,) = re.findall(r"http://localhost(/i/[^/]+/)", str(message.body))
    return str(found)


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_mails_say_nothing_of_health_nor_of_whom(cast: Cast, language: str):
    cast.clinic.name, cast.clinic.phone = "Anxiety Clinic", "202-555-0100"
    cast.clinic.save()
    patient = reachable(cast, language=language)
    asked(cast, patient, language=language)
    tick(NOW)
    tick(REMIND)
    first, reminder = outbox.outbox
    for message in (first, reminder):
        assert message.to == [ADDRESS]
        text = f"{message.subject}\n{message.body}".casefold()
        words = [*NEVER.casefold().split(), patient.family_name, patient.given_name]
        assert [word for word in words if word.casefold() in text] == []
        assert "202-555-0100" in message.body
    english = language == "en"
    assert first.subject == ("Your link" if english else "Su enlace")
    assert reminder.subject == (
        "Your link is still open" if english else "Su enlace sigue abierto"
    )


def test_reminder_holds_the_link_of_the_invitation_which_opens(cast: Cast, client):
    made = asked(cast)
    tick(NOW)
    tick(REMIND)
    first, reminder = outbox.outbox
    assert link_in(first) == link_in(reminder) == f"/i/{made.token}/"
    Invitation.objects.update(expires_at=NOW + 999 * DAY)
    assert client.get(link_in(reminder)).status_code == 200
    kept = PatientMail.objects.values_list("key", "last_error")
    assert made.token not in str(list(kept)) + str(list(AuditEvent.objects.values()))


def test_mail_says_which_second_check_and_until_when(cast: Cast):
    asked(cast, code="123456")
    tick(NOW)
    body = str(outbox.outbox[0].body)
    assert "the code that you were given" in body
    assert "until Sept. 22, 2026" in body


def begin(screening: Screening) -> None:
    Screening.objects.filter(id=screening.id).update(
        status="IN_PROGRESS", started_at=NOW
    )


def end(screening: Screening) -> None:
    stop(load(screening.id), Screening.Status.WITHDRAWN, by=mailing.SENDER, at=NOW)


def take_back(screening: Screening) -> None:
    link = Invitation.objects.get(screening=screening)
    revoke_invitation(invitation=link, by=mailing.SENDER, at=NOW)


def leave(screening: Screening) -> None:
    screening.patient.status = "INACTIVE"
    screening.patient.save()


def decline(screening: Screening) -> None:
    screening.patient.wants_reminders = False
    screening.patient.save()


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (begin, "The patient had begun."),
        (end, "The screening was over."),
        (take_back, "The link had stopped working."),
        (leave, "The patient's record is not active."),
        (decline, "The patient does not want reminders."),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_reminder_that_lost_its_point_is_not_sent(cast: Cast, happens, why):
    made = asked(cast)
    tick(NOW)
    happens(made.screening)
    mails = PatientMail.objects.filter(kind="REMINDER")
    mails.update(next_at=NOW)
    tasks.send_mails_due(lambda: NOW)
    reminder = mails.get()
    assert (reminder.sent_at, reminder.last_error) == (None, why)
    assert len(outbox.outbox) == 1
    assert AuditEvent.objects.filter(kind="PATIENT_MAIL_STOPPED").count() == 1


def test_invitation_of_whom_is_deceased_is_not_sent(cast: Cast):
    made = asked(cast)
    made.screening.patient.status = "DECEASED"
    made.screening.patient.save()
    tick(NOW)
    assert outbox.outbox == []


def test_after_an_outage_one_reminder_goes_out_not_all(cast: Cast):
    cast.clinic.reminder_days = [2, 3, 4]
    cast.clinic.save()
    asked(cast)
    tick(NOW)
    tick(NOW + 4 * DAY)
    assert [m.subject for m in outbox.outbox] == [
        "Your link",
        "Your link is still open",
    ]


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


def test_patient_who_lost_the_address_shows_as_not_delivered(cast: Cast):
    made = asked(cast)
    made.screening.patient.email = ""
    made.screening.patient.save()
    tick(NOW)
    mail = PatientMail.objects.get(kind="INVITATION")
    assert mail.last_error == "There is no e-mail address."
    assert mail.failed_at == NOW


def test_patient_invited_on_paper_is_owed_no_mail(cast: Cast):
    asked(cast, make_patient(cast.clinic), mailed=False)
    tick(REMIND)
    assert outbox.outbox == []
