"""Inviting: the link is shown and printed, mailed by itself, made anew and revoked."""

import re

import pytest
from django.urls import reverse

from clinicians.models import PatientMail
from core.crypto import hash_token
from core.models import AuditEvent, Patient
from screening.models import Invitation, Screening
from tests.cast import Cast, make_patient, signed_in

DATA = {"battery": ["phq-9", "gad-7"], "language": "en", "code": ""}


def invite(cast: Cast, patient: Patient, **data):
    url = reverse("clinicians:invite", args=[patient.id])
    return signed_in(cast.fred).post(url, {**DATA, **data}, follow=True)


def token(page: str) -> str:
    (found,) = re.findall(r'value="http://localhost/i/([^/]+)/"', page)
    return str(found)


def test_link_is_shown_with_a_picture_and_only_its_hash_is_kept(cast: Cast):
    page = invite(cast, make_patient(cast.clinic)).content.decode()
    assert Invitation.objects.get().token_hash == hash_token(token(page))
    assert "<svg" in page
    assert Screening.objects.get().battery == ["phq-9", "gad-7"]


def test_second_press_makes_a_new_link_for_the_same_screening(cast: Cast):
    patient = make_patient(cast.clinic)
    invite(cast, patient)
    invite(cast, patient)
    assert Screening.objects.count() == 1
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_mail_is_owed_and_the_page_says_so(cast: Cast):
    patient = make_patient(cast.clinic, email="robin@example.org")
    page = invite(cast, patient, send="on").content.decode()
    assert "E-mail on its way" in page
    assert "Reminder planned for" in page
    assert token(page)
    assert PatientMail.objects.filter(next_at__isnull=False).count() == 2


def test_second_press_while_the_mail_leaves_keeps_its_link(cast: Cast):
    patient = make_patient(cast.clinic, email="robin@example.org")
    first = token(invite(cast, patient, send="on").content.decode())
    assert token(invite(cast, patient, send="on").content.decode()) == first
    assert PatientMail.objects.filter(kind="INVITATION").count() == 1


def test_new_link_stops_the_mail_with_the_old_one(cast: Cast):
    patient = make_patient(cast.clinic, email="robin@example.org")
    invite(cast, patient, send="on")
    invite(cast, patient, send="on", code="123456")
    old = PatientMail.objects.filter(stopped_at__isnull=False, kind="INVITATION")
    assert old.get().last_error == "A newer link was made."
    assert PatientMail.objects.filter(next_at__isnull=False).count() == 2


def test_link_can_be_shown_again_and_that_is_on_record(cast: Cast):
    patient = make_patient(cast.clinic)
    page = invite(cast, patient).content.decode()
    link = Invitation.objects.get()
    url = reverse("clinicians:link", args=[patient.id, link.id])
    client = signed_in(cast.fred)
    assert token(client.get(url).content.decode()) == token(page)
    assert AuditEvent.objects.filter(kind="LINK_VIEWED").count() == 2

    client.post(reverse("clinicians:revoke", args=[patient.id, link.id]))
    again = client.get(url, follow=True).content.decode()
    assert "This link cannot be shown again." in again


def test_sheet_speaks_the_patients_language(cast: Cast):
    cast.clinic.languages, cast.clinic.phone = ["en", "es-US"], "202-555-0100"
    cast.clinic.save()
    patient = make_patient(cast.clinic, language="es-US")
    page = invite(cast, patient, language="es-US", code="123456").content.decode()
    assert "Le pedirá el código que le dieron." in page
    assert "llame al 202-555-0100" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"battery": []}, "required"),
        ({"battery": ["asq"]}, "valid choice"),
        ({"battery": ["phq-8"]}, "valid choice"),
        ({"language": "es-US"}, "valid choice"),
        ({"code": "12"}, "at least 6"),
    ],
)
def test_invitation_that_cannot_be_is_refused(cast: Cast, data, sentence):
    response = invite(cast, make_patient(cast.clinic), **data)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_questionnaire_without_official_text_in_a_language_is_refused(cast: Cast):
    cast.clinic.languages = ["en", "es-US"]
    cast.clinic.save()
    response = invite(
        cast, make_patient(cast.clinic), battery=["phq-2"], language="es-US"
    )
    assert "PHQ-2 has no official text in Spanish." in response.content.decode()


def test_patient_who_has_died_is_not_invited(cast: Cast):
    patient = make_patient(cast.clinic, status="DECEASED")
    assert "not active" in invite(cast, patient).content.decode()


def test_link_can_be_made_anew_and_revoked(cast: Cast):
    patient = make_patient(cast.clinic)
    first = token(invite(cast, patient).content.decode())
    client = signed_in(cast.fred)
    screening = Screening.objects.get()
    page = client.post(
        reverse("clinicians:new-link", args=[patient.id, screening.id]), follow=True
    ).content.decode()
    assert token(page) != first

    newest = Invitation.objects.get(revoked_at=None)
    client.post(reverse("clinicians:revoke", args=[patient.id, newest.id]))
    assert not Invitation.objects.filter(revoked_at=None).exists()
    listed = client.get(reverse("clinicians:patient", args=[patient.id]))
    assert "Link revoked" in listed.content.decode()


def test_link_of_another_patient_or_clinic_is_not_there(cast: Cast):
    patient, other = make_patient(cast.clinic), make_patient(cast.clinic)
    invite(cast, patient)
    link = Invitation.objects.get()
    wrong = reverse("clinicians:revoke", args=[other.id, link.id])
    own = reverse("clinicians:revoke", args=[patient.id, link.id])
    assert signed_in(cast.fred).post(wrong).status_code == 404
    assert signed_in(cast.charlie).post(own).status_code == 404
    shown = reverse("clinicians:link", args=[patient.id, link.id])
    assert signed_in(cast.charlie).get(shown).status_code == 404
    assert signed_in(cast.liv).get(shown).status_code == 403


def test_new_link_for_what_is_over_is_refused(cast: Cast):
    patient = make_patient(cast.clinic)
    invite(cast, patient)
    Screening.objects.update(status="WITHDRAWN")
    url = reverse("clinicians:new-link", args=[patient.id, Screening.objects.get().id])
    page = signed_in(cast.fred).post(url, follow=True).content.decode()
    assert "This screening is over." in page


def test_patient_who_phones_for_no_reminders_is_spared_them(cast: Cast):
    stays = make_patient(cast.clinic)
    goes = make_patient(cast.clinic, status="MERGED", merged_into=stays)
    client = signed_in(cast.fred)
    page = reverse("clinicians:patient", args=[stays.id])
    address = reverse("clinicians:reminders", args=[stays.id])
    assert "Stop reminders" in client.get(page).content.decode()
    for _ in range(2):
        client.post(address, {"wanted": "no"})
    assert "The patient wants none" in client.get(page).content.decode()
    rows = Patient.objects.filter(id__in=[stays.id, goes.id])
    assert {row.wants_reminders for row in rows} == {False}
    assert AuditEvent.objects.filter(kind="REMINDERS_STOPPED").count() == 1
    client.post(address, {"wanted": "yes"})
    client.post(address, {"wanted": "perhaps"})
    assert {row.wants_reminders for row in rows.all()} == {True}
    assert signed_in(cast.charlie).post(address).status_code == 404
