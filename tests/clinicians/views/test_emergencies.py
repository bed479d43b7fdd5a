"""Emergency access on pages: what it opens, what it does not, banner, looking into it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.actions.emergencies import end_access, open_record, sign_off
from clinicians.actions.merging import merge, unmerge
from core.models import AuditEvent, EmergencyAccess, Role
from screening.models import Screening
from tests.cast import Cast, make_patient, make_user, signed_in
from tests.clinicians.told import told_case

REASON = "He called and cannot be reached."
BANNER = "A record is open to you in an emergency"


def url(name: str, *args: object) -> str:
    return reverse(f"clinicians:{name}", args=args)


@pytest.fixture
def episode(cast: Cast):
    return told_case(cast)


def opened(cast: Cast, patient, by=None, ago=timedelta(0)) -> EmergencyAccess:
    return open_record(
        patient=patient,
        reason=REASON,
        by=by or cast.ada,
        at=timezone.now() - ago,
    )


def readable(episode) -> list[str]:
    sitting = Screening.objects.get(patient=episode.patient)
    return [
        url("case", episode.id),
        url("course", episode.patient_id),
        url("results", episode.patient_id, sitting.id),
    ]


@pytest.mark.parametrize("who", ["ada", "fred"])
def test_reason_opens_one_record_to_read(cast: Cast, episode, who):
    client = signed_in(getattr(cast, who))
    patient = url("patient", episode.patient_id)
    pages = readable(episode)
    assert url("emergency", episode.patient_id) in client.get(patient).content.decode()
    assert {client.get(page).status_code for page in pages} == {403}
    answer = client.post(url("emergency", episode.patient_id), {"reason": REASON})
    assert answer["Location"] == patient
    page = client.get(patient).content.decode()
    assert BANNER in page
    assert url("case", episode.id) in page
    assert url("emergency", episode.patient_id) not in page
    shown = [client.get(one) for one in pages]
    assert {answer.status_code for answer in shown} == {200}
    case = shown[0].content.decode()
    assert "Thoughts" in case
    for way_out in ("claim", "note", "contact", "close", "case-pdf", "case-text"):
        assert url(way_out, episode.id) not in case
    assert "course-csv" not in shown[1].content.decode()


def test_it_opens_nothing_else_and_changes_nothing(cast: Cast, episode):
    opened(cast, episode.patient)
    other, client = cast.flagged(), signed_in(cast.ada)
    assert client.get(url("case", other.id)).status_code == 403
    assert client.get(url("course", other.patient_id)).status_code == 403
    for name in ("case-pdf", "case-text"):
        assert client.get(url(name, episode.id)).status_code == 403
    for name in ("claim", "note", "close", "contact", "ask"):
        assert client.post(url(name, episode.id)).status_code == 403
    assert signed_in(cast.fred).get(url("case", episode.id)).status_code == 403


def test_after_the_hour_or_the_end_it_is_closed(cast: Cast, episode):
    opened(cast, episode.patient, ago=timedelta(minutes=60))
    client = signed_in(cast.ada)
    assert client.get(url("case", episode.id)).status_code == 403
    assert BANNER not in client.get(url("patients")).content.decode()
    access = opened(cast, episode.patient)
    assert client.get(url("case", episode.id)).status_code == 200
    assert BANNER in client.get(url("queue")).content.decode()
    page = client.post(url("end-emergency", access.id), follow=True).content.decode()
    assert "The record is closed again." in page
    assert BANNER not in page
    assert client.get(url("case", episode.id)).status_code == 403
    again = client.post(url("end-emergency", access.id), follow=True)
    assert "ended already" in again.content.decode()


def test_every_look_is_marked_in_the_access_log(cast: Cast, episode):
    access = opened(cast, episode.patient)
    client = signed_in(cast.ada)
    for page in [*readable(episode), url("patient", episode.patient_id)]:
        client.get(page)
    lines = AuditEvent.objects.filter(kind__endswith="_VIEWED")
    assert {line.detail["emergency"] for line in lines} == {str(access.id)}
    assert lines.count() == 4
    log = signed_in(cast.sue).get(url("access-log", episode.patient_id))
    assert "Opened a case, in an emergency" in log.content.decode()
    assert "Emergency access opened" in log.content.decode()


@pytest.mark.parametrize(
    ("reason", "said"), [("", "Say it in a few words"), ("now", "at least 10")]
)
def test_without_a_reason_nothing_opens(cast: Cast, episode, reason, said):
    answer = signed_in(cast.ada).post(
        url("emergency", episode.patient_id), {"reason": reason}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not EmergencyAccess.objects.exists()


def test_a_second_record_is_refused_with_what_was_typed(cast: Cast, episode):
    opened(cast, make_patient(cast.clinic))
    answer = signed_in(cast.ada).post(
        url("emergency", episode.patient_id), {"reason": REASON}
    )
    assert answer.status_code == 409
    assert "End that one first" in answer.content.decode()
    assert REASON in answer.content.decode()


def test_who_may_and_what_is_there(cast: Cast, episode):
    ask = url("emergency", episode.patient_id)
    access = opened(cast, episode.patient)
    for who in ("alice", "sue", "liv"):
        assert signed_in(getattr(cast, who)).get(ask).status_code == 403
    elsewhere = make_user(cast.other_clinic, Role.ADMINISTRATOR)
    assert signed_in(elsewhere).get(ask).status_code == 404
    assert signed_in(elsewhere).post(url("end-emergency", access.id)).status_code == 404
    fred = signed_in(cast.fred).post(url("end-emergency", access.id))
    assert fred.status_code == 404
    access.refresh_from_db()
    assert access.ended_at is None
    assert signed_in(cast.ada).get(url("end-emergency", access.id)).status_code == 405
    for who in ("alice", "ada", "fred"):
        page = signed_in(getattr(cast, who)).get(url("emergencies"))
        assert page.status_code == 403
    boss = make_user(cast.other_clinic, Role.SUPERVISOR)
    review = url("emergency-review", access.id)
    assert signed_in(boss).get(review).status_code == 404
    assert signed_in(boss).post(url("stop-emergency", access.id)).status_code == 404


def test_supervisor_ends_it_looks_into_it_and_signs_off(cast: Cast, episode):
    access = opened(cast, episode.patient)
    signed_in(cast.ada).get(url("case", episode.id))
    client, review = signed_in(cast.sue), url("emergency-review", access.id)
    assert "Open now" in client.get(url("emergencies")).content.decode()
    assert "to look into:" not in client.get(url("queue")).content.decode()
    client.post(url("stop-emergency", access.id))
    assert "Emergencies to look into: 1<" in client.get(url("queue")).content.decode()
    page = client.get(review).content.decode()
    for part in (REASON, "Ada Reed", "Opened a case, in an emergency"):
        assert part in page
    assert client.post(review, {"note": "ok"}).status_code == 422
    client.post(review, {"note": "I spoke with Ada. It was needed."})
    page = client.get(review).content.decode()
    assert "I spoke with Ada." in page
    assert "Looked into by" in client.get(url("emergencies")).content.decode()
    assert "to look into:" not in client.get(url("queue")).content.decode()


def test_what_was_read_of_a_record_parted_since_still_shows(cast: Cast, episode):
    other = make_patient(cast.clinic)
    merged = merge(kept=other, gone=episode.patient, by=cast.sue, at=timezone.now())
    access = opened(cast, other)
    assert signed_in(cast.ada).get(url("case", episode.id)).status_code == 200
    end_access(access=access, by=cast.ada, at=timezone.now())
    unmerge(row=merged, by=cast.sue, at=timezone.now())
    page = signed_in(cast.sue).get(url("emergency-review", access.id))
    assert "Opened a case, in an emergency" in page.content.decode()


def test_a_colleague_was_quicker(cast: Cast, episode):
    access = opened(cast, episode.patient, ago=timedelta(hours=2))
    boss = make_user(cast.clinic, Role.SUPERVISOR)
    sign_off(access=access, note="I spoke with Ada.", by=boss, at=timezone.now())
    answer = signed_in(cast.sue).post(
        url("emergency-review", access.id), {"note": "I looked as well."}
    )
    assert answer.status_code == 409
    assert "signed this off meanwhile" in answer.content.decode()


def test_the_list_costs_as_much_for_many(cast: Cast, django_assert_max_num_queries):
    for number in range(12):
        opened(cast, make_patient(cast.clinic), ago=timedelta(hours=40 - number))
    client = signed_in(cast.sue)
    client.get(url("emergencies"))
    with django_assert_max_num_queries(10):
        page = client.get(url("emergencies")).content.decode()
    assert "Emergencies to look into: 12<" in page
