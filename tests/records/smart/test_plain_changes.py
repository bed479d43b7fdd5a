"""The plain API changes two things: a link is taken back, a delivery is sent again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from records.models import Delivery, Destination
from screening.models import Invitation, Screening
from tests.cast import make_patient
from tests.records.conftest import AT, make_token, showing
from tests.records.rows import make_administration, make_clinic
from tests.records.smart.test_plain import API, SCREENINGS, invite, refused, wish

pytestmark = pytest.mark.django_db
DELIVERIES = f"{API}/deliveries"


@pytest.fixture
def place(clinic):
    return Destination.objects.create(
        clinic=clinic,
        kind="FHIR",
        name="Hospital",
        address="https://user:pass@hospital.example/secret",
        secret="s",
        since_at=AT,
        created_at=AT,
    )


@pytest.fixture
def dead(place, patient):
    return owed(place, patient, state="DEAD", last_error="The receiver answered 500.")


def owed(place, patient, *, state="DUE", **fields):
    fields = {"version": 1, "tries": 22, "caused_at": AT, **fields}
    part = fields.pop("part", None) or make_administration(
        patient.clinic, [1] * 10, patient=patient
    )
    return Delivery.objects.create(
        destination=place,
        patient=patient,
        administration=part,
        state=state,
        created_at=AT,
        next_at=AT if state in ("DUE", "SENT") else None,
        settled_at=None if state in ("DUE", "SENT") else AT,
        **fields,
    )


def test_deliveries_are_listed_without_a_word_of_the_patient(
    system, place, patient, dead
):
    due = owed(place, patient, caused_at=AT + timedelta(hours=1))
    told = system.get(DELIVERIES).json()
    assert [one["id"] for one in told["results"]] == [str(due.id), str(dead.id)]
    (last,) = system.get(DELIVERIES, {"state": "given-up"}).json()["results"]
    assert last == {
        "id": str(dead.id),
        "receiver": {"id": str(place.id), "name": "Hospital", "kind": "fhir"},
        "response": str(dead.administration_id),
        "version": 1,
        "state": "given-up",
        "caused_at": "2026-03-04T05:06:07Z",
        "tries": 22,
        "next_at": None,
        "settled_at": "2026-03-04T05:06:07Z",
        "last_error": "The receiver answered 500.",
    }
    assert system.get(f"{DELIVERIES}/{dead.id}").json() == last
    page = system.get(DELIVERIES, {"limit": 1, "receiver": str(place.id)}).json()
    rest = system.get(DELIVERIES, {"limit": 1, "cursor": page["next"]}).json()
    assert (rest["results"], rest["next"]) == ([last], None)
    nowhere = system.get(DELIVERIES, {"receiver": str(patient.id)}).json()
    assert nowhere["results"] == []
    assert (
        "state is one of"
        in refused(system.get(DELIVERIES, {"state": "dead"}), 400)["detail"]
    )
    read = AuditEvent.objects.filter(
        kind="RECORD_READ", object_id=str(dead.administration_id)
    )
    assert read.count() == 4


def test_dead_delivery_is_sent_once_more(system, dead):
    address, key = f"{DELIVERIES}/{dead.id}/resending", {"Idempotency-Key": "a1"}
    first = system.post(address, headers=key)
    assert first.status_code == 200
    assert (first.json()["state"], first.json()["tries"]) == ("waiting", 0)
    line = AuditEvent.objects.get(kind="DELIVERY_RESENT")
    assert line.actor_kind == "CLIENT"
    # It dies again; the same request does not send it a third time, a new one does.
    Delivery.objects.update(state="DEAD", next_at=None, settled_at=AT)
    assert system.post(address, headers=key).json()["state"] == "given-up"
    assert system.post(address).json()["state"] == "waiting"
    told = refused(system.post(address), 422)
    assert told["detail"] == "This is on its way already."
    assert AuditEvent.objects.filter(kind="DELIVERY_RESENT").count() == 2


def test_key_of_another_delivery_and_an_ended_place_are_refused(
    system, place, patient, dead
):
    other = owed(place, patient, state="REFUSED")
    key = {"Idempotency-Key": "a1"}
    assert (
        system.post(f"{DELIVERIES}/{dead.id}/resending", headers=key).status_code == 200
    )
    address = f"{DELIVERIES}/{other.id}/resending"
    told = refused(system.post(address, headers=key), 422)
    assert "for another delivery" in told["detail"]
    Destination.objects.update(ended_at=AT)
    assert "has ended" in refused(system.post(address), 422)["detail"]
    other.refresh_from_db()
    assert other.state == "REFUSED"


def test_two_requests_of_one_name_at_one_moment(system, place, patient, dead):
    """The second was not there to be seen, and is refused by the database itself."""
    other = owed(place, patient, state="DEAD")
    key = {"Idempotency-Key": "a1"}
    assert (
        system.post(f"{DELIVERIES}/{dead.id}/resending", headers=key).status_code == 200
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("records.outbox.asking._came_before", lambda *_: False)
        answer = system.post(f"{DELIVERIES}/{other.id}/resending", headers=key)
    assert "for another delivery" in refused(answer, 422)["detail"]
    other.refresh_from_db()
    assert other.state == "DEAD"


def test_other_clinics_change_nothing(clinic, patient, system, dead):
    made = invite(system, wish(patient)).json()["id"]
    south = make_token(make_clinic("South"), ["system/*.cruds"]).secret
    stranger = showing(south)
    refused(stranger.post(f"{DELIVERIES}/{dead.id}/resending"), 404)
    refused(stranger.post(f"{SCREENINGS}/{made}/revocation"), 404)
    reader = showing(make_token(clinic, ["system/*.rs"], name="Reader").secret)
    refused(reader.post(f"{DELIVERIES}/{dead.id}/resending"), 403)
    refused(reader.post(f"{SCREENINGS}/{made}/revocation"), 403)
    assert system.get(f"{DELIVERIES}/{dead.id}").json()["state"] == "given-up"
    assert system.get(f"{SCREENINGS}/{made}").json()["link_works"] is True


def test_invitation_is_taken_back(system, patient):
    made = invite(system, wish(patient)).json()
    assert made["link_works"] is True
    address, key = (
        f"{SCREENINGS}/{made['id']}/revocation",
        {"Idempotency-Key": "r1"},
    )
    for _ in range(2):
        answer = system.post(address, headers=key)
        assert answer.status_code == 200
        assert answer.json() == {**made, "link_works": False}
    assert system.post(address).json()["link_works"] is False
    (link,) = Invitation.objects.all()
    assert link.revoked_at is not None
    kinds = AuditEvent.objects.filter(kind="ORDER_REVOKED")
    assert kinds.count() == 2  # the one with the key, and the one without
    assert AuditEvent.objects.filter(kind="INVITATION_REVOKED").count() == 1
    other = invite(system, wish(make_patient(patient.clinic))).json()["id"]
    told = refused(system.post(f"{SCREENINGS}/{other}/revocation", headers=key), 422)
    assert "another body" in told["detail"]


@pytest.mark.parametrize("status", ["CONSENTED", "IN_PROGRESS", "COMPLETED"])
def test_link_of_whoever_has_begun_is_left_to_the_staff(system, patient, status):
    made = invite(system, wish(patient)).json()["id"]
    done = timezone.now() if status == "COMPLETED" else None
    Screening.objects.update(status=status, completed_at=done)
    told = refused(system.post(f"{SCREENINGS}/{made}/revocation"), 422)
    assert "Only the clinic's staff" in told["detail"]
    assert Invitation.objects.get().revoked_at is None
