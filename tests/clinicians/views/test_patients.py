"""Patients: registering with duplicates shown, one patient's page."""

import pytest
from django.urls import reverse

from core.models import AuditEvent, Patient
from screening.models import Answer
from tests.cast import NOW, Cast, make_patient, make_screening, signed_in

NEW = {
    "record_number": "A-100",
    "birth_date": "1990-02-01",
    "family_name": "Okafor",
    "given_name": "Ada",
    "email": "ada@example.org",
    "phone": "555 0100",
    "language": "en",
}


def test_register_keeps_the_patient_sealed_and_findable(cast: Cast):
    response = signed_in(cast.fred).post(reverse("clinicians:new-patient"), NEW)
    patient = Patient.objects.get()
    assert response["Location"] == reverse("clinicians:patient", args=[patient.id])
    assert (patient.display_name, patient.birth_date) == ("Ada Okafor", "1990-02-01")
    assert patient.identifiers.get().value == "A-100"
    assert AuditEvent.objects.get(kind="PATIENT_REGISTERED").detail == {}


def test_register_shows_who_was_born_that_day_before_saving(cast: Cast):
    known = make_patient(cast.clinic, birth_date=NEW["birth_date"])
    client = signed_in(cast.fred)
    response = client.post(reverse("clinicians:new-patient"), NEW)
    assert response.status_code == 422
    assert known.display_name in response.content.decode()
    assert Patient.objects.count() == 1

    client.post(reverse("clinicians:new-patient"), {**NEW, "anyway": "yes"})
    assert Patient.objects.count() == 2


def test_register_refuses_a_number_that_is_taken(cast: Cast):
    known = make_patient(cast.clinic, number="a-100")
    data = {**NEW, "anyway": "yes"}
    response = signed_in(cast.fred).post(reverse("clinicians:new-patient"), data)
    assert response.status_code == 422
    assert reverse("clinicians:patient", args=[known.id]) in response.content.decode()


def test_register_does_not_look_into_another_clinic(cast: Cast):
    make_patient(cast.other_clinic, number="A-100", birth_date=NEW["birth_date"])
    signed_in(cast.fred).post(reverse("clinicians:new-patient"), NEW)
    assert Patient.objects.filter(clinic=cast.clinic).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "last spring"),
        ("birth_date", "03/04/1980"),
        ("birth_date", "2090-01-01"),
        ("email", "nobody"),
        ("record_number", ""),
        ("family_name", "a\tb"),
        ("language", "tlh"),
    ],
)
def test_register_says_what_is_wrong(cast: Cast, field, value):
    data = {**NEW, field: value}
    response = signed_in(cast.fred).post(reverse("clinicians:new-patient"), data)
    assert response.status_code == 422
    assert not Patient.objects.exists()


def test_patient_page_is_on_record(cast: Cast):
    patient = make_patient(cast.clinic)
    signed_in(cast.fred).get(reverse("clinicians:patient", args=[patient.id]))
    assert AuditEvent.objects.get(kind="PATIENT_VIEWED").object_id == str(patient.id)


def test_front_desk_sees_no_case_and_no_answers(cast: Cast):
    episode = cast.flagged()
    url = reverse("clinicians:patient", args=[episode.patient_id])
    page = signed_in(cast.fred).get(url).content.decode()
    assert str(episode.id) not in page
    assert str(episode.id) in signed_in(cast.alice).get(url).content.decode()


def test_results_without_a_flag_can_be_read(cast: Cast):
    screening = make_screening(make_patient(cast.clinic), "phq-9", "gad-7")
    part = screening.administrations.get(position=1)
    Answer.objects.create(
        screening=screening,
        administration=part,
        seq=1,
        link_id=part.instrument.items[0].link_id,
        value=None,
        declined=True,
        origin="TAPPED",
        at=NOW,
    )
    url = reverse("clinicians:results", args=[screening.patient_id, screening.id])
    page = signed_in(cast.alice).get(url).content.decode()
    assert "Preferred not to answer" in page
    assert part.instrument.items[0].text in page
    assert signed_in(cast.fred).get(url).status_code == 403


@pytest.mark.parametrize("name", ["patient", "invite"])
def test_patient_of_another_clinic_is_not_there(cast: Cast, name):
    patient = make_patient(cast.clinic)
    url = reverse(f"clinicians:{name}", args=[patient.id])
    assert signed_in(cast.charlie).get(url).status_code == 404


def test_results_of_another_clinic_or_patient_are_not_there(cast: Cast):
    screening = make_screening(make_patient(cast.clinic))
    own = reverse("clinicians:results", args=[screening.patient_id, screening.id])
    mixed = reverse(
        "clinicians:results", args=[make_patient(cast.clinic).id, screening.id]
    )
    assert signed_in(cast.charlie).get(own).status_code == 404
    assert signed_in(cast.alice).get(mixed).status_code == 404


def test_unfinished_screening_says_not_submitted(cast: Cast):
    patient = make_patient(cast.clinic)
    screening = make_screening(patient, status="IN_PROGRESS", started_at=NOW)
    address = reverse("clinicians:results", args=[patient.id, screening.id])
    page = signed_in(cast.alice).get(address).content.decode()
    assert "Not submitted" in page
