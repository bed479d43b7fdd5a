"""The audit log's page: what it shows to whom, filters, pages, the table, the proof."""

import csv
import io
import uuid
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from clinicians.definitions import security_policy
from core import audit
from core.models import AuditEvent, PatientIdentifier, Role
from screening.models import Screening
from tests.cast import NOW, Cast, make_patient, make_user, signed_in
from tests.clinicians.told import told_case
from tests.clinicians.views.settings_page import fields_of

PAGE = "/staff/audit/"


@pytest.fixture
def otto(cast: Cast):
    return make_user(cast.clinic, Role.AUDITOR, "Otto Look")


def note(cast: Cast, kind: str, by=None, **fields):
    given = {
        "clinic_id": cast.clinic.id,
        "at": NOW,
        "object_type": "clinic",
        "object_id": cast.clinic.id,
        **fields,
    }
    with transaction.atomic():
        audit.record(kind=kind, by=audit.Actor.staff(by or cast.bob), **given)


def shown(client, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def rows(page: str) -> int:
    return page.count('<th scope="row"')


def test_auditor_arrives_here_and_reads_who_did_what(cast: Cast, otto):
    note(cast, "CASE_CLOSED", detail={"code": "reviewed", "words": "never shown"})
    note(cast, "CLINIC_CHANGED", detail={"phone": {"from": "1", "to": "2"}})
    client = signed_in(otto)
    assert client.get("/staff/home/")["Location"] == reverse("clinicians:emergencies")
    page = shown(client)
    assert page.index("Clinic changed") < page.index("Case closed")
    assert "Bob Stone" in page
    assert "code: reviewed" in page
    assert "never shown" not in page
    assert ">phone</td>" in page


@pytest.mark.parametrize("who", ["alice", "fred", "liv"])
def test_closed_to_others(cast: Cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(PAGE).status_code == 403
    assert client.get(reverse("clinicians:audit-csv")).status_code == 403
    assert client.post(reverse("clinicians:prove-audit")).status_code == 403


def test_other_clinics_lines_are_not_there(cast: Cast, otto):
    note(cast, "CASE_CLOSED", by=cast.charlie, clinic_id=cast.other_clinic.id)
    assert "Charlie Lake" not in shown(signed_in(otto))
    patient = make_patient(cast.other_clinic)
    answer = signed_in(otto).get(f"{PAGE}?patient={patient.id}")
    assert answer.status_code == 422
    assert "no such patient" in answer.content.decode()


def test_a_record_number_never_stands_in_the_address(cast: Cast, otto):
    patient = make_patient(cast.clinic, number="MRN-77")
    client = signed_in(otto)
    answer = client.post(PAGE, {"number": "mrn-77"})
    assert answer["Location"] == f"{PAGE}?patient={patient.id}"
    assert "record MRN-77" in client.get(answer["Location"]).content.decode()
    unknown = client.post(PAGE, {"number": "MRN-78"})
    assert unknown.status_code == 422
    assert "No patient here has this record number" in unknown.content.decode()


def test_filters_narrow_the_list(cast: Cast, otto):
    note(cast, "CASE_CLOSED")
    note(cast, "staff_signed_in", by=cast.sue, object_type="user")
    note(cast, "RECORD_REFUSED", object_type="ApiClient")
    client = signed_in(otto)
    for query, count in (
        (f"?person={cast.sue.id}", 1),
        ("?group=cases", 1),
        ("?group=systems", 1),
        ("?kind=CASE_CLOSED", 1),
        ("?start=2026-09-15&end=2026-09-15", 3),
        ("?start=2026-09-14&end=2026-09-14", 0),
        ("?person=SYSTEM", 0),
    ):
        assert rows(shown(client, query)) == count, query
    odd = client.get(f"{PAGE}?start=2026-09-15&end=2026-09-14")
    assert odd.status_code == 422
    assert "before the first one" in odd.content.decode()
    assert client.get(f"{PAGE}?kind=;drop").status_code == 422


def test_of_a_patient_also_what_the_screenings_keep(cast: Cast, otto):
    episode = told_case(cast)
    sitting = Screening.objects.get(patient=episode.patient)
    with transaction.atomic():
        audit.append(
            audit.ChainLink(f"screening:{sitting.id}"),
            kind="ANSWER_CHANGED",
            by=audit.Actor.patient(episode.patient_id),
            at=NOW,
            object_type="answer",
            object_id="x",
            detail={"from": "0", "to": "3"},
        )
    number = PatientIdentifier.objects.get(patient=episode.patient).value
    page = shown(signed_in(otto), f"?patient={episode.patient_id}")
    assert f"Record {number}" in page
    assert reverse("clinicians:access-log", args=[episode.patient_id]) in page
    assert "Answer changed" in page
    assert "to: 3" not in page
    assert "Answer changed" not in shown(signed_in(otto))


def test_narrowed_to_a_patient_it_is_a_look_at_that_record(cast: Cast, otto):
    patient, client = make_patient(cast.clinic), signed_in(otto)
    shown(client)
    shown(client, f"?patient={patient.id}")
    client.get(reverse("clinicians:audit-csv") + f"?patient={patient.id}")
    log = reverse("clinicians:access-log", args=[patient.id])
    page = signed_in(cast.sue).get(log).content.decode()
    assert page.count("Read the audit log of this record") == 1
    assert page.count("Took the audit log of this record along") == 1
    assert page.count("Otto Look") == 2


def test_pages_follow_on_without_gap_at_a_constant_cost(
    cast: Cast, otto, django_assert_max_num_queries
):
    client = signed_in(otto)
    for _ in range(60):
        note(cast, "CASE_VIEWED", by=cast.alice)
    query = f"?person={cast.alice.id}"
    first = shown(client, query)
    assert rows(first) == 50
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert rows(shown(client, link)) == 10
    for address in (link, query):
        with django_assert_max_num_queries(16):
            shown(client, address)
    assert client.get(f"{PAGE}?after=nowhere").status_code == 302


def test_table_to_keep_has_the_same_lines_and_is_on_record(cast: Cast, otto):
    note(cast, "CASE_CLOSED", detail={"words": "=never"})
    answer = signed_in(otto).get(reverse("clinicians:audit-csv") + "?kind=CASE_CLOSED")
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = dict(zip(head, line, strict=True))
    stored = AuditEvent.objects.get(kind="CASE_CLOSED")
    assert told["Hash"] == stored.hash
    assert (told["Who"], told["More"]) == ("Bob Stone", "")
    taken = AuditEvent.objects.get(kind="AUDIT_DOWNLOADED")
    assert taken.detail == {"role": "AUDITOR", "filters": "kind=CASE_CLOSED"}


def test_too_long_a_table_says_that_it_was_cut(cast: Cast, otto, monkeypatch):
    for _ in range(3):
        note(cast, "CASE_CLOSED")
    few = replace(security_policy(), audit_export=2)
    monkeypatch.setattr("clinicians.views.audit.security_policy", lambda: few)
    answer = signed_in(otto).get(reverse("clinicians:audit-csv"))
    assert "Cut after 2 lines" in answer.content.decode()
    assert answer.content.decode().count("Case closed") == 2


def test_chain_is_proved_on_demand(cast: Cast, otto):
    note(cast, "CASE_CLOSED")
    audit.close_day(NOW)
    client = signed_in(otto)
    page = client.post(reverse("clinicians:prove-audit"), follow=True).content.decode()
    assert "follows from the one before it" in page
    assert NOW.date().isoformat() in page
    line = AuditEvent.objects.get(kind="AUDIT_PROVED")
    assert line.detail == {"role": "AUDITOR", "lines": 1, "faults": 0}


def test_a_changed_line_is_found(cast: Cast, otto, monkeypatch):
    note(cast, "CASE_CLOSED")
    seal = audit.line_hash
    monkeypatch.setattr("core.audit.proof.line_hash", lambda line: seal(line)[::-1])
    page = signed_in(otto).post(reverse("clinicians:prove-audit"), follow=True)
    assert "1 fault. Tell whoever runs this system" in page.content.decode()
    assert "line 1 was changed" in page.content.decode()


def test_a_log_too_long_for_a_page_is_proved_elsewhere(cast: Cast, otto, monkeypatch):
    note(cast, "CASE_CLOSED")
    few = replace(security_policy(), audit_prove=0)
    for module in ("actions.examining", "presenters.audit"):
        monkeypatch.setattr(f"clinicians.{module}.security_policy", lambda: few)
    page = signed_in(otto).post(reverse("clinicians:prove-audit"), follow=True)
    assert page.content.decode().count("manage.py verify_audit") == 2
    assert "Prove the chain now" not in page.content.decode()
    assert not AuditEvent.objects.filter(kind="AUDIT_PROVED").exists()


def test_what_was_narrowed_down_stays_so(cast: Cast, otto):
    patient, other = make_patient(cast.clinic), make_patient(cast.clinic)
    for one in (patient, other):
        note(cast, "PATIENT_VIEWED", object_type="patient", object_id=one.id)
    query = f"?patient={patient.id}&kind=PATIENT_VIEWED"
    page = shown(signed_in(otto), query)
    sent = fields_of(signed_in(otto).get(f"{PAGE}{query}"))
    assert sent["patient"] == [str(patient.id)]
    assert sent["kind"] == ["PATIENT_VIEWED"]
    assert f"?patient={patient.id}" not in page.partition("data-label")[0]
    again = signed_in(otto).post(PAGE, sent | {"start": "2020-01-01"})
    assert f"patient={patient.id}" in again["Location"]
    assert "kind=PATIENT_VIEWED" in again["Location"]


def test_what_was_never_there_is_not_carried_along(cast: Cast, otto):
    unknown = str(uuid.uuid4())
    client = signed_in(otto)
    for query in (f"?patient={unknown}", "?patient=nobody", "?kind=no+word"):
        answer = client.get(f"{PAGE}{query}")
        assert answer.status_code == 422
        again = answer.context["form"].kept()
        assert again == [], query


def test_record_has_the_lines_of_what_was_merged_into_it(cast: Cast, otto):
    episode = told_case(cast)
    gone, kept = episode.patient, make_patient(cast.clinic)
    sitting = Screening.objects.get(flags__episode=episode)
    with transaction.atomic():
        audit.record_in(
            f"screening:{sitting.id}",
            kind="FLAG_RAISED",
            by=audit.Actor.system("flag-rules"),
            at=NOW,
            object_type="flag",
            object_id=sitting.id,
        )
    gone.status, gone.merged_into = "MERGED", kept
    gone.save()
    assert "Flag raised" in shown(
        signed_in(otto), f"?patient={kept.id}&kind=FLAG_RAISED"
    )


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_place_at_the_end_of_the_calendar_leads_to_the_first_page(cast, otto, moment):
    place = f"{moment}~1~{cast.clinic.id}"
    answer = signed_in(otto).get(PAGE, {"after": place})
    assert answer["Location"].startswith(PAGE)
