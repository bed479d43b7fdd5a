"""Who has looked at a record: every look, by whom, in which role, for whom to see."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from core import audit
from core.models import AuditEvent, Patient, Role
from screening.models import Administration, Episode, Screening
from tests.cast import NOW, Cast, make_patient, make_user, signed_in
from tests.clinicians.told import told_case


def url(patient: Patient) -> str:
    return reverse("clinicians:access-log", args=[patient.id])


def page_of(cast: Cast, patient: Patient, who: str = "alice") -> str:
    return signed_in(getattr(cast, who)).get(url(patient)).content.decode()


def look(cast: Cast, kind: str, object_type: str, object_id: object, by=None, **detail):
    with transaction.atomic():
        audit.record(
            clinic_id=cast.clinic.id,
            kind=kind,
            by=by or audit.Actor.staff(cast.bob),
            at=NOW,
            object_type=object_type,
            object_id=str(object_id),
            detail=detail,
        )


def everything(cast: Cast, episode: Episode) -> None:
    """Bob opens all there is of a patient."""
    client, patient = signed_in(cast.bob), episode.patient
    sitting = Screening.objects.get(patient=patient)
    for name, args in (
        *(("case", [episode.id]), ("case-text", [episode.id])),
        *(("case-pdf", [episode.id]), ("patient", [patient.id])),
        *(("course", [patient.id]), ("course-csv", [patient.id, "phq-9"])),
        ("results", [patient.id, sitting.id]),
    ):
        assert client.get(reverse(f"clinicians:{name}", args=args)).status_code == 200


def test_every_page_and_file_of_a_patient_is_listed(cast: Cast):
    episode = told_case(cast)
    everything(cast, episode)
    page = page_of(cast, episode.patient)
    for what in (
        *("Opened a case", "Opened the text for the record"),
        *("Downloaded the case as a PDF", "Opened the patient&#x27;s page"),
        *("Opened the course", "Downloaded a table of the course"),
        *("Read the answers of a screening", "Opened this list"),
    ):
        assert page.count(f">{what}</td>") == 1
    assert page.count("Bob Stone") == 7
    assert "Clinician</td>" in page


def test_newest_look_stands_first(cast: Cast):
    patient = make_patient(cast.clinic)
    signed_in(cast.bob).get(reverse("clinicians:patient", args=[patient.id]))
    page = page_of(cast, patient)
    assert page.index("Opened this list") < page.index("Opened the patient&#x27;s page")


def test_looks_at_others_are_not_listed(cast: Cast):
    patient, other = make_patient(cast.clinic), make_patient(cast.clinic)
    signed_in(cast.bob).get(reverse("clinicians:patient", args=[other.id]))
    assert "Bob Stone" not in page_of(cast, patient)


def test_role_is_that_of_the_day(cast: Cast):
    patient = make_patient(cast.clinic)
    signed_in(cast.bob).get(reverse("clinicians:patient", args=[patient.id]))
    look(cast, "PATIENT_VIEWED", "patient", patient.id)
    cast.bob.role = Role.SUPERVISOR
    cast.bob.save()
    page = page_of(cast, patient)
    assert ">Clinician</td>" in page
    assert ">Supervisor (today)</td>" in page


def test_another_system_and_emergencies_are_listed(cast: Cast):
    episode = told_case(cast)
    part = Administration.objects.get(screening__patient=episode.patient)
    client = audit.Actor.client("somebody")
    look(cast, "RECORD_READ", "Administration", part.id, by=client)
    look(cast, "EMERGENCY_ACCESS_OPENED", "patient", episode.patient_id)
    look(cast, "LETTER_VIEWED", "patient", episode.patient_id)
    look(
        cast, "SWEEP_VIEWED", "patient", episode.patient_id, by=audit.Actor.system("x")
    )
    look(
        cast,
        "PATIENT_VIEWED",
        "patient",
        episode.patient_id,
        by=audit.Actor(AuditEvent.ActorKind.STAFF, str(uuid.uuid4())),
    )
    page = page_of(cast, episode.patient)
    assert "A connected system" in page
    assert "Read the record from another system" in page
    assert "Emergency access opened" in page
    assert "Letter viewed" in page
    assert ">System</td>" in page
    assert "Somebody who is no longer known" in page


def test_merged_records_looks_are_listed_with_the_one_that_stays(cast: Cast):
    patient, other = make_patient(cast.clinic), make_patient(cast.clinic)
    look(cast, "PATIENT_VIEWED", "patient", other.id)
    other.status, other.merged_into = Patient.Status.MERGED, patient
    other.save()
    assert "Bob Stone" in page_of(cast, patient)


def test_long_list_has_pages(cast: Cast, django_assert_max_num_queries):
    patient = make_patient(cast.clinic)
    for _ in range(60):
        look(cast, "PATIENT_VIEWED", "patient", patient.id)
    client = signed_in(cast.alice)
    client.get(url(patient))
    with django_assert_max_num_queries(22):
        page = client.get(url(patient)).content.decode()
    assert "Page 1 of 2" in page
    assert page.count('<th scope="row"') == 50
    assert "Page 2 of 2" in client.get(f"{url(patient)}?page=2").content.decode()


@pytest.mark.parametrize("who", ["alice", "sue", "ada"])
def test_open_to_those_who_read_cases_or_the_log(cast: Cast, who):
    patient = make_patient(cast.clinic)
    assert "Who has looked at this record" in page_of(cast, patient, who)


def test_auditor_sees_the_list_and_no_way_to_the_patient(cast: Cast):
    patient = make_patient(cast.clinic)
    auditor = make_user(cast.clinic, Role.AUDITOR, "Otto Look")
    page = signed_in(auditor).get(url(patient)).content.decode()
    assert "Otto Look" in page
    assert reverse("clinicians:patient", args=[patient.id]) not in page


@pytest.mark.parametrize("who", ["fred", "liv"])
def test_closed_to_others(cast: Cast, who):
    patient = make_patient(cast.clinic)
    client = signed_in(getattr(cast, who))
    assert client.get(url(patient)).status_code == 403
    assert not AuditEvent.objects.filter(kind="ACCESS_LOG_VIEWED").exists()


def test_of_another_clinic_is_not_there(cast: Cast):
    assert (
        signed_in(cast.charlie).get(url(make_patient(cast.clinic))).status_code == 404
    )
    assert signed_in(cast.alice).post(url(make_patient(cast.clinic))).status_code == 405


def test_case_page_leads_to_it_and_names_the_latest(cast: Cast):
    episode = cast.flagged(opened_at=NOW - timedelta(days=1))
    client = signed_in(cast.bob)
    client.get(reverse("clinicians:case-pdf", args=[episode.id]))
    page = signed_in(cast.alice).get(reverse("clinicians:case", args=[episode.id]))
    text = page.content.decode()
    assert url(episode.patient) in text
    assert "Downloaded the case as a PDF" in text
