"""Correcting a record: what is written, what is told, and two people at once."""

import pytest
from django.db import connection
from django.urls import reverse

from core.models import AuditEvent, Patient, birth_date_index
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.views.settings_page import fields_of


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(
        cast.clinic, number="MRN-1", family_name="Garcia", given_name="Ana"
    )


def url(patient: Patient) -> str:
    return reverse("clinicians:patient-details", args=[patient.id])


def save(client, sent, patient: Patient, **changes):
    return client.post(url(patient), sent | changes)


def test_what_differs_is_written_and_told_without_its_words(cast: Cast, patient):
    fred = signed_in(cast.fred)
    sent = fields_of(fred.get(url(patient)))
    answer = save(
        fred,
        sent,
        patient,
        family_name="García López",
        birth_date="1985-03-15",
        email="ana@example.org",
        record_number="MRN-77",
    )
    assert answer["Location"] == reverse("clinicians:patient", args=[patient.id])
    patient.refresh_from_db()
    assert (patient.family_name, patient.email) == ("García López", "ana@example.org")
    assert patient.birth_date_index == birth_date_index("1985-03-15")
    assert patient.identifiers.get().value == "MRN-77"
    line = AuditEvent.objects.get(kind="PATIENT_CORRECTED")
    assert line.detail == {"fields": "family name, birth date, e-mail, record number"}
    found = fred.post(reverse("clinicians:patients"), {"find": "lopez"}, follow=True)
    assert "García López" in found.content.decode()


def test_nothing_typed_is_nothing_written(cast: Cast, patient):
    fred = signed_in(cast.fred)
    answer = fred.post(url(patient), fields_of(fred.get(url(patient))), follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not AuditEvent.objects.filter(kind="PATIENT_CORRECTED").exists()


def test_number_of_somebody_else_is_refused_and_nothing_is_lost(cast: Cast, patient):
    make_patient(cast.clinic, number="MRN-2")
    fred = signed_in(cast.fred)
    sent = fields_of(fred.get(url(patient)))
    answer = save(fred, sent, patient, record_number="mrn-2", phone="555 0101")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Record number mrn-2 is in use already." in page
    assert 'value="555 0101"' in page
    patient.refresh_from_db()
    assert patient.phone == ""
    again = save(fred, fields_of(answer), patient, record_number="MRN-3")
    assert again.status_code == 302
    patient.refresh_from_db()
    assert patient.phone == "555 0101"


def test_second_of_two_is_shown_what_the_first_wrote(cast: Cast, patient):
    fred, alice = signed_in(cast.fred), signed_in(cast.alice)
    first, second = (fields_of(who.get(url(patient))) for who in (fred, alice))
    assert save(fred, first, patient, phone="555 0101").status_code == 302
    answer = save(alice, second, patient, phone="555 0202")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this record meanwhile." in page
    assert "<dd>555 0101</dd>" in page
    assert 'value="555 0202"' in page
    assert save(alice, fields_of(answer), patient).status_code == 302
    patient.refresh_from_db()
    assert patient.phone == "555 0202"


def test_merged_record_leads_to_the_one_that_stays(cast: Cast, patient):
    gone = make_patient(cast.clinic, status="MERGED", merged_into=patient)
    answer = signed_in(cast.fred).get(url(gone))
    assert answer["Location"] == reverse("clinicians:patient", args=[patient.id])


def test_what_cannot_be_read_is_not_written_over(cast: Cast, patient):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_patient SET email = 'x' WHERE family_name IS NOT NULL"
        )
    answer = signed_in(cast.fred).get(url(patient), follow=True)
    assert "cannot be corrected" in answer.content.decode()
