"""The endpoint as a client meets it: what it gives, and what it refuses."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration, make_clinic

BASE = "/fhir/R4"
PHQ_9 = [1] * 9 + [0]
NOBODY = "7d0f2a3e-5a51-4a43-9a5e-1f2f7c1a0b01"


@pytest.fixture
def row(clinic):
    return make_administration(clinic, PHQ_9)


def body(response):
    """The body, read from its bytes and accepted by the judge."""
    assert response["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    resource = json.loads(response.content)
    accept(resource)
    return resource


def refused(response, status, code):
    assert response.status_code == status
    outcome = body(response)
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["code"] == code
    return outcome["issue"][0]["details"]["text"]


def test_response_is_read(fhir, row):
    answer = fhir.get(f"{BASE}/QuestionnaireResponse/{row.id}")
    assert answer.status_code == 200
    assert answer["ETag"] == 'W/"1"'
    assert answer["Last-Modified"] == "Wed, 04 Mar 2026 05:06:07 GMT"
    assert body(answer)["id"] == str(row.id)


def test_observations_are_found_and_each_can_be_read(fhir, row):
    found = fhir.get(
        f"{BASE}/Observation", {"derived-from": f"QuestionnaireResponse/{row.id}"}
    )
    bundle = body(found)
    assert bundle["total"] == len(bundle["entry"]) == 12
    for entry in bundle["entry"]:
        path = entry["fullUrl"].removeprefix("http://localhost")
        assert body(fhir.get(path)) == entry["resource"]


def test_search_accepts_the_absolute_address(fhir, row, settings):
    reference = f"{settings.BASE_URL}{BASE}/QuestionnaireResponse/{row.id}"
    found = body(fhir.get(f"{BASE}/Observation", {"derived-from": reference}))
    assert found["total"] == 12
    assert found["link"][0]["url"].endswith(f"QuestionnaireResponse/{row.id}")


def test_search_for_what_is_not_there_is_an_empty_bundle(fhir, clinic, db):
    other = make_administration(make_clinic("South clinic"), PHQ_9)
    query = {"derived-from": f"QuestionnaireResponse/{other.id}"}
    assert body(fhir.get(f"{BASE}/Observation", query))["total"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "QuestionnaireResponse/{id}",
        "Observation/{id}.total",
        "Observation?derived-from=QuestionnaireResponse/{id}",
        "Patient/{id}",
        "",
    ],
)
@pytest.mark.parametrize(
    "header", ["", "Basic abc", "Bearer", "Bearer wrong", "Bearer \xff", "Bearer a b"]
)
def test_without_a_good_token_nothing_is_told(client, row, path, header):
    answer = client.get(
        f"{BASE}/{path.format(id=row.id)}", headers={"authorization": header}
    )
    refused(answer, 401, "login")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_expired_revoked_and_closed_tokens_look_alike(clinic, row):
    said = set()
    for spoil in (_expire, _revoke, _close):
        token = make_token(clinic, name=spoil.__name__)
        spoil(token)
        path = f"{BASE}/QuestionnaireResponse/{row.id}"
        said.add(refused(showing(token.secret).get(path), 401, "login"))
    assert len(said) == 1


def _expire(token):
    token.expires_at = token.created_at.replace(day=5)
    token.save()


def _revoke(token):
    token.revoked_at = token.created_at
    token.save()


def _close(token):
    token.client.active = False
    token.client.save()


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("system/QuestionnaireResponse.read", "response"),
        ("system/QuestionnaireResponse.r", "response"),
        ("system/QuestionnaireResponse.s", ""),
        ("system/Observation.read", "observation search"),
        ("system/Observation.rs", "observation search"),
        ("system/Observation.r", "observation"),
        ("system/Observation.s", "search"),
    ],
)
def test_scope_decides_resource_and_interaction(clinic, row, scope, allowed):
    client = showing(make_token(clinic, [scope]).secret)
    paths = {
        "response": f"QuestionnaireResponse/{row.id}",
        "observation": f"Observation/{row.id}.total",
        "search": f"Observation?derived-from=QuestionnaireResponse/{row.id}",
    }
    for name, path in paths.items():
        answer = client.get(f"{BASE}/{path}")
        if name in allowed:
            assert answer.status_code == 200
        else:
            text = refused(answer, 403, "forbidden")
            assert text.startswith("This needs the scope system/")


def test_refusal_for_want_of_scope_is_written_down(clinic, row):
    client = showing(make_token(clinic, ["system/Observation.rs"]).secret)
    client.get(f"{BASE}/QuestionnaireResponse/{row.id}")
    event = AuditEvent.objects.get(kind="RECORD_REFUSED")
    assert event.detail == {"interaction": "read", "resource": "QuestionnaireResponse"}


@pytest.mark.parametrize(
    "path",
    [
        "QuestionnaireResponse/{stranger}",
        f"QuestionnaireResponse/{NOBODY}",
        "QuestionnaireResponse/not-an-id",
        "QuestionnaireResponse/%00",
        "Observation/{stranger}.total",
        "Observation/{unfinished}.panel",
        "Observation/{own}.99",
        "Observation/{own}",
        "Patient/{own}",
        "QuestionnaireResponse/{own}?format=xml",
        "",
    ],
)
def test_what_is_not_theirs_is_not_found(fhir, clinic, row, path):
    stranger = make_administration(make_clinic("South clinic"), PHQ_9)
    unfinished = make_administration(clinic, PHQ_9, status="IN_PROGRESS")
    path = path.format(stranger=stranger.id, unfinished=unfinished.id, own=row.id)
    text = refused(fhir.get(f"{BASE}/{path}"), 404, "not-found")
    assert text == "There is no such resource, or it is not finished."


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_not_supported(fhir, row, method):
    answer = getattr(fhir, method)(f"{BASE}/QuestionnaireResponse/{row.id}")
    refused(answer, 405, "not-supported")
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    "accept_header",
    ["application/fhir+json", "application/json", "*/*", "application/fhir+json;q=0.9"],
)
def test_json_is_spoken_whatever_it_is_called(fhir, row, accept_header):
    path = f"{BASE}/QuestionnaireResponse/{row.id}"
    answer = fhir.get(path, headers={"accept": accept_header})
    assert answer.status_code == 200
    body(answer)


@pytest.mark.parametrize(
    "wanted", ["json", "application/fhir%2Bjson", "application/fhir+json"]
)
def test_format_parameter_wins(fhir, row, wanted):
    path = f"{BASE}/QuestionnaireResponse/{row.id}?_format={wanted}"
    answer = fhir.get(path, headers={"accept": "application/fhir+xml"})
    assert answer.status_code == 200


def test_other_formats_are_refused(fhir, row):
    path = f"{BASE}/QuestionnaireResponse/{row.id}"
    xml = {"accept": "application/fhir+xml"}
    refused(fhir.get(path, headers=xml), 406, "not-supported")
    refused(fhir.get(f"{path}?_format=xml"), 406, "not-supported")


def test_stranger_is_asked_who_they_are_before_what_they_speak(client, row):
    path = f"{BASE}/QuestionnaireResponse/{row.id}"
    refused(client.get(path, headers={"accept": "application/fhir+xml"}), 401, "login")
    refused(client.get(f"{path}?_format=xml"), 401, "login")
    refused(client.get(f"{BASE}/metadata?_format=xml"), 406, "not-supported")


def test_metadata_is_open(client):
    statement = body(client.get(f"{BASE}/metadata"))
    assert statement["fhirVersion"] == "4.0.1"


def test_every_read_is_written_down_before_it_leaves(fhir, token, row):
    fhir.get(f"{BASE}/QuestionnaireResponse/{row.id}")
    event = AuditEvent.objects.get(kind="RECORD_READ")
    assert (event.actor_kind, event.actor_id) == ("CLIENT", str(token.client_id))
    assert (event.object_type, event.object_id) == ("Administration", str(row.id))


def test_read_that_cannot_be_written_down_does_not_leave(fhir, row, monkeypatch):
    monkeypatch.setattr("records.actions.clients.audit.record", _broken)
    answer = fhir.get(f"{BASE}/QuestionnaireResponse/{row.id}")
    text = refused(answer, 500, "exception")
    assert text == "Something went wrong here. It has been noted."


def _broken(**_):
    raise RuntimeError("a secret of the inside")


def test_use_of_a_token_is_noted_now_and_then(fhir, token, row):
    path = f"{BASE}/QuestionnaireResponse/{row.id}"
    fhir.get(path)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    fhir.get(path)
    token.refresh_from_db()
    assert token.last_used_at == first


def queries(fhir, path):
    with CaptureQueriesContext(connection) as caught:
        assert fhir.get(path).status_code == 200
    asked = [one["sql"] for one in caught.captured_queries]
    around = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [sql for sql in asked if not sql.startswith(around)]


def test_reading_stays_within_its_queries_whatever_the_history(fhir, clinic, row):
    path = f"{BASE}/Observation?derived-from=QuestionnaireResponse/{row.id}"
    fhir.get(path)
    alone = queries(fhir, path)
    for _ in range(3):
        make_administration(clinic, PHQ_9, patient=row.screening.patient)
    assert len(queries(fhir, path)) == len(alone) <= 12
