"""What an export is of: every type that can be searched, and whose."""

import pytest

from clinicians.models import Notice
from core.models import Patient
from records import tasks
from records.api.kinds import KINDS
from records.fhir.bulk import TYPES
from records.presenters.exported import SOURCES
from screening.models import Screening
from tests.cast import make_episode, make_flag
from tests.records.conftest import AT, make_token, showing
from tests.records.out.exporting import PHQ9, fetched, kick_off
from tests.records.rows import make_administration, make_clinic, make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_pages")]


def looked_after(clinic, number):
    """A patient with a result, consent, and a case with its flag and its notice."""
    part = make_administration(clinic, PHQ9, patient=make_patient(clinic, number))
    screening = part.screening
    Screening.objects.filter(id=screening.id).update(consented_at=AT)
    case = make_episode(screening.patient)
    make_flag(case, screening)
    Notice.objects.create(
        episode=case,
        round=0,
        step="team",
        recipient="",
        key=str(case.id),
        created_at=AT,
    )
    return screening.patient


def unite(gone, kept):
    rows = Patient.objects.filter(id=gone.id)
    rows.update(status=Patient.Status.MERGED, merged_into=kept)


def ids_of(found):
    return {kind: sorted(one["id"] for one in rows) for kind, rows in found.items()}


def searched(fhir, kind):
    """Every id that a search finds, page by page."""
    found, url = [], f"/fhir/R4/{kind}?_count=100"
    while url:
        bundle = fhir.get(url).json()
        found += [one["resource"]["id"] for one in bundle.get("entry", [])]
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        url = links.get("next", "").removeprefix("http://localhost")
    return sorted(found)


# What other systems sent in they have themselves.
SENT_IN = {"ServiceRequest", "Subscription"}


def test_what_can_be_searched_is_exported():
    assert set(TYPES) == set(KINDS) - SENT_IN
    assert set(TYPES) == {kind for one in SOURCES for kind in one.types}


def test_export_holds_what_a_search_finds(fhir, clinic):
    looked_after(clinic, "1")
    begun = make_administration(clinic, PHQ9[:3], status="STARTED")
    looked_after(make_clinic("South clinic"), "1")
    status = kick_off(fhir)
    tasks.tick()
    found = ids_of(fetched(fhir, status)[1])
    assert str(begun.id) in found["QuestionnaireResponse"]
    assert set(found) == set(TYPES)
    for kind in sorted(set(TYPES) - {"AuditEvent"}):
        assert found[kind] == searched(fhir, kind), kind


def test_patients_export_holds_their_records_and_no_log_of_the_clinic(fhir, clinic):
    one, other = looked_after(clinic, "1"), looked_after(clinic, "2")
    merged = looked_after(clinic, "3")
    unite(merged, one)
    for patient in (one, other):
        fhir.get(f"/fhir/R4/Patient/{patient.id}")
    assert fhir.get("/fhir/R4/Patient?identifier=nobody").json()["total"] == 0

    for query, about in (("", {one, other}), (f"?patient=Patient/{one.id}", {one})):
        status = kick_off(fhir, "Patient/$export", query)
        tasks.tick()
        _, found = fetched(fhir, status)
        assert {
            line["entity"][0]["what"]["reference"] for line in found["AuditEvent"]
        } == {f"Patient/{patient.id}" for patient in about}
        everybody = {str(patient.id) for patient in {*about, merged}}
        assert {row["id"] for row in found["Patient"]} == everybody
        for kind in ("Task", "Flag", "Communication", "Consent"):
            assert len(found[kind]) == len(everybody), kind
    status = kick_off(fhir, query="?_type=AuditEvent")
    tasks.tick()
    lines = fetched(fhir, status)[1]["AuditEvent"]
    # Of the clinic as a whole: that this export, too, was asked for.
    assert any(line["subtype"][0]["code"] == "audit-export-asked" for line in lines)


def test_each_type_needs_its_own_scope(clinic):
    looked_after(clinic, "1")
    scopes = ["system/Flag.rs", "system/Task.r", "system/Consent.rs"]
    client = showing(make_token(clinic, scopes=scopes).secret)
    refused = client.get(
        "/fhir/R4/$export?_type=AuditEvent", HTTP_PREFER="respond-async"
    )
    assert refused.status_code == 403
    assert "system/AuditEvent.rs" in refused.content.decode()
    status = kick_off(client)
    tasks.tick()
    assert set(fetched(client, status)[1]) == {"Flag", "Consent"}
