"""Mails to patients: neutral, sent by the loop, never after they lost their point."""

import re

import pytest
from django.core import mail as outbox

from clinicians import tasks
from clinicians.actions import mailing
from clinicians.models import PatientMail
from core.models import AuditEvent, Patient
from screening.actions import revoke_invitation
from screening.actions.entry import stop
from screening.models import Invitation, Screening
from screening.models.sitting import load
from tests.cast import NOW, Cast, make_patient, signed_in
from tests.clinicians.planned import ADDRESS, DAY, asked, reachable, tick

# In either language, or a part of it.
NEVER = "PHQ GAD depres ansied anxi mood suic mental questionn cuestion health salud"
REMIND = NOW + 3 * DAY


def link_in(message: outbox.EmailMessage) -> str:
    (found,) = set(re.findall(r"http://localhost(/i/[^/]+/)", str(message.body)))
    return str(found)


def fresh(patient: Patient) -> Patient:
    return Patient.objects.get(id=patient.id)


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


def test_no_reminders_is_said_by_the_mail_alone_and_holds(cast: Cast, client):
    """Without the second check; what was planned does not go out, and staff see why."""
    patient = reachable(cast)
    made = asked(cast, patient)
    tick(NOW)
    page = f"{link_in(outbox.outbox[0])}reminders/"
    assert f"http://localhost{page}" in outbox.outbox[0].body
    assert "No more reminders" in client.get(page).content.decode()
    assert fresh(patient).wants_reminders, "looking changes nothing"
    client.post(page, {"wanted": "no"})
    said = client.post(page, {"wanted": "no"}, follow=True).content.decode()
    assert "You get no more reminders" in said
    tick(REMIND)
    assert len(outbox.outbox) == 1
    mail = PatientMail.objects.get(kind="REMINDER")
    assert mail.last_error == "The patient does not want reminders."
    row = AuditEvent.objects.get(kind="REMINDERS_STOPPED")
    assert (row.actor_kind, row.actor_id) == ("PATIENT", str(patient.id))
    staff = signed_in(cast.fred)
    shown = staff.get(f"/staff/patients/{patient.id}/").content.decode()
    assert "The patient wants none" in shown
    assert "Reminder planned" not in shown

    client.post(page, {"wanted": "yes"})
    assert fresh(patient).wants_reminders
    assert client.post(page, {"wanted": "perhaps"}).status_code == 200
    assert made.token not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("over", ["locked_at", "revoked_at", "expires_at"])
def test_link_that_is_over_still_says_no(cast: Cast, client, over: str):
    made = asked(cast)
    Invitation.objects.update(**{over: NOW})
    page = f"/i/{made.token}/reminders/"
    assert client.post(page, {"wanted": "no"}).status_code == 302
    assert not fresh(made.screening.patient).wants_reminders
    assert client.get(f"/i/{'x' * 43}/reminders/").status_code == 404


def test_no_of_a_merged_record_is_that_of_the_person(cast: Cast, client):
    goes, stays = reachable(cast), reachable(cast)
    made = asked(cast, goes)
    Patient.objects.filter(id=goes.id).update(status="MERGED", merged_into=stays)
    page = f"/i/{made.token}/reminders/"
    client.post(page, {"wanted": "no"})
    assert not fresh(stays).wants_reminders
    client.post(page, {"wanted": "yes"})
    assert fresh(stays).wants_reminders
    assert fresh(goes).wants_reminders


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
