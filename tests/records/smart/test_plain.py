"""The plain API: what it does, how it refuses, and that its description is true."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEvent
from records.api.plain.problems import MEDIA_TYPE
from screening.models import Screening
from tests.cast import make_episode, make_patient, make_screening
from tests.records.conftest import make_token, showing
from tests.records.rows import make_administration, make_clinic
from tests.records.smart.test_throttles import _policy

pytestmark = pytest.mark.django_db
API = "/api/v1"
SCREENINGS, CASES = f"{API}/screenings", f"{API}/cases"


def wish(patient, *questionnaires, **changes):
    asked = list(questionnaires) or ["phq-9"]
    return {"patient": {"id": str(patient.id)}, "questionnaires": asked, **changes}


def invite(browser, sent, **headers):
    return browser.post(SCREENINGS, sent, format="json", headers=headers)


def refused(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == MEDIA_TYPE
    told = answer.json()
    assert told["status"] == status
    assert told["type"].startswith("urn:problem:")
    assert told["title"].endswith(".")
    return told


def test_patient_is_invited_and_seen_to_come_along(system, patient):
    answer = invite(system, wish(patient, "phq-9", "gad-7"))
    assert answer.status_code == 201
    made = answer.json()
    screening = Screening.objects.get()
    assert made["id"] == str(screening.id)
    assert made["state"] == "invited"
    assert made["questionnaires"] == ["phq-9", "gad-7"]
    assert "http" not in answer.content.decode()  # no link leaves by the API
    assert system.get(f"{SCREENINGS}/{made['id']}").json() == made
    screening.status = "COMPLETED"
    screening.completed_at = timezone.now()
    screening.save()
    done = system.get(f"{SCREENINGS}/{made['id']}").json()
    assert (done["state"], len(done["responses"])) == ("completed", 2)
    assert done["entered_in_error_at"] is None
    screening.retracted_at = timezone.now()
    screening.save()
    wrong = system.get(f"{SCREENINGS}/{made['id']}").json()
    # The responses say it themselves; nothing that was named goes away.
    assert wrong["entered_in_error_at"] is not None
    assert wrong["responses"] == done["responses"]


def test_invited_by_record_number(system, patient):
    number = {"system": "record-number", "value": "MRN-1"}
    made = invite(system, {**wish(patient), "patient": {"identifier": number}}).json()
    assert made["patient"] == str(patient.id)


def test_same_key_makes_nothing_new(system, patient):
    key = {"Idempotency-Key": "a1"}
    first = invite(system, wish(patient), **key)
    again = invite(system, wish(patient), **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    told = refused(invite(system, wish(patient, "gad-7"), **key), 422)
    assert "used before" in told["detail"]
    assert Screening.objects.count() == 1
    too_long = invite(system, wish(patient), **{"Idempotency-Key": "x" * 201})
    assert "at most 200" in refused(too_long, 400)["detail"]


def test_key_is_its_clients_own(system, clinic, patient):
    other = showing(make_token(clinic, ["system/*.cruds"], name="Other").secret)
    key = {"Idempotency-Key": "a1"}
    assert invite(system, wish(patient), **key).status_code == 201
    assert invite(other, wish(patient, "gad-7"), **key).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patient": {}}, "patient"),
        ({"patient": {"id": "x"}}, "patient.id"),
        ({"patient": {"identifier": {"system": "a"}}}, "patient.identifier.value"),
        (
            {"patient": {"identifier": {"system": "a", "value": 7}}},
            "patient.identifier",
        ),
        ({"questionnaires": []}, "questionnaires"),
        ({"questionnaires": ["cage"]}, "questionnaires.0"),
        ({"questionnaires": ["asq"]}, "questionnaires.0"),
        ({"questionnaires": ["phq-9", "phq-9"]}, "questionnaires"),
        ({"mail": "perhaps"}, "mail"),
    ],
)
def test_every_wrong_field_is_named(system, patient, changes, field):
    told = refused(invite(system, {**wish(patient), **changes}), 422)
    assert told["errors"][0]["field"].startswith(field)
    assert told["errors"][0]["message"]
    assert not Screening.objects.exists()


def test_strangers_patient_and_inactive_ones_are_not_asked(system, clinic):
    stranger = make_patient(make_clinic("South"))
    told = refused(invite(system, wish(stranger)), 422)
    assert "No patient of this clinic" in told["detail"]
    inactive = make_patient(clinic, status="INACTIVE")
    assert "not active" in refused(invite(system, wish(inactive)), 422)["detail"]


def test_list_goes_on_by_cursor_whatever_comes_in_meanwhile(system, clinic, patient):
    now = timezone.now()
    made = [
        make_screening(patient, at=now - timedelta(minutes=minute))
        for minute in (0, 1, 1, 2, 3)
    ]
    first = system.get(SCREENINGS, {"limit": 2}).json()
    make_screening(patient, at=now + timedelta(minutes=1))
    seen = [one["id"] for one in first["results"]]
    cursor = first["next"]
    while cursor:
        more = system.get(SCREENINGS, {"limit": 2, "cursor": cursor}).json()
        seen += [one["id"] for one in more["results"]]
        cursor = more["next"]
    assert sorted(seen) == sorted(str(one.id) for one in made)
    events = AuditEvent.objects.filter(kind="RECORD_READ", object_type="screening")
    assert events.count() == len(seen)


def test_list_is_filtered(system, clinic, patient):
    mine = make_screening(patient)
    make_screening(make_patient(clinic), status="EXPIRED")
    make_screening(make_patient(make_clinic("South")))
    make_administration(clinic, [1] * 10, patient=patient)
    by_patient = system.get(
        SCREENINGS, {"patient": str(patient.id), "state": "invited"}
    )
    assert [one["id"] for one in by_patient.json()["results"]] == [str(mine.id)]
    expired = system.get(SCREENINGS, {"state": "expired"}).json()["results"]
    assert [one["state"] for one in expired] == ["expired"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1e9", "limit=201", "limit=²", "cursor=x", "state=new"]
    + ["patient=x", "stat=expired", "state=expired&state=invited", "limit=1000000000"],
)
def test_vague_list_is_refused(system, query):
    assert refused(system.get(f"{SCREENINGS}?{query}"), 400)["detail"].endswith(".")


def test_cases_tell_that_something_waits_and_not_what(system, clinic, patient):
    case = make_episode(patient)
    make_episode(make_patient(make_clinic("South")))
    closed = make_episode(make_patient(clinic), status="CLOSED")
    told = system.get(CASES, {"state": "waiting"}).json()
    assert [one["id"] for one in told["results"]] == [str(case.id)]
    one = system.get(f"{CASES}/{case.id}").json()
    assert one == told["results"][0]
    expected = {"id", "patient", "state", "opened_at", "due_at", "overdue"}
    assert set(one) == expected
    assert one["overdue"] is True
    ended = system.get(f"{CASES}/{closed.id}").json()
    assert (ended["state"], ended["overdue"]) == ("closed", False)


def test_questionnaires_are_listed(system):
    forms = {
        one["id"]: one for one in system.get(f"{API}/questionnaires").json()["results"]
    }
    assert forms["phq-9"]["languages"] == ["en", "es-US"]
    assert forms["asq"]["by_link"] is False


def test_errors_are_problems(system, client, patient):
    refused(client.get(SCREENINGS), 401)
    assert client.get(SCREENINGS)["WWW-Authenticate"].startswith("Bearer")
    refused(client.get(f"{API}/nothing"), 401)
    refused(system.get(f"{API}/nothing"), 404)
    refused(system.get(f"{SCREENINGS}/{patient.id}"), 404)
    refused(system.get(f"{SCREENINGS}/x"), 404)
    refused(system.delete(SCREENINGS), 405)
    refused(system.post(SCREENINGS, "{", content_type="application/json"), 400)
    refused(system.post(SCREENINGS, "[]", content_type="application/json"), 422)
    refused(system.post(SCREENINGS, "a=b", content_type="text/plain"), 415)
    big = b" " * 3_000_000
    refused(system.post(SCREENINGS, big, content_type="application/json"), 413)


def test_failure_of_ours_tells_nothing(system, patient, monkeypatch):
    def broken(**_):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("records.api.plain.screenings.receive_order", broken)
    answer = invite(system, wish(patient))
    assert "secret" not in json.dumps(refused(answer, 500))


def test_client_that_asks_too_much_waits(system, monkeypatch):
    figures = {"requests_per_minute": 2}
    monkeypatch.setattr("records.api.throttles.api_policy", lambda: _policy(figures))
    with time_machine.travel(timezone.now(), tick=False):
        codes = [system.get(f"{API}/questionnaires").status_code for _ in range(2)]
        late = system.get(f"{API}/questionnaires")
    assert codes == [200, 200]
    refused(late, 429)
    assert 1 <= int(late["Retry-After"]) <= 60
