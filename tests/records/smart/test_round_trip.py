"""What was sent in is read like what was answered here, where it is of the same kind."""

import json

import pytest

from tests.records.fhir.judge import accept
from tests.records.smart.sent import RESPONSES, response, send
from tests.records.smart.test_drafts import DRAFTS, questionnaire
from tests.records.smart.test_ordering import ORDERS, TASKS
from tests.records.smart.test_ordering import service_request as ordering

pytestmark = pytest.mark.django_db
BASE = "/fhir/R4"


def got(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content
    accept(json.loads(answer.content))
    return answer


def test_answers_that_were_sent_are_found_with_what_rests_on_them(system, patient):
    sent = send(system, response(patient, [1] * 9)).json()["id"]
    target = f"QuestionnaireResponse/{sent}"
    along = "_revinclude=Observation:derived-from&_revinclude=Provenance:target"
    found = got(system, f"{RESPONSES}?patient=Patient/{patient.id}&{along}").json()
    kinds = [one["resource"]["resourceType"] for one in found["entry"]]
    assert {"QuestionnaireResponse", "Observation", "Provenance"} == set(kinds)
    assert kinds.count("QuestionnaireResponse") == 1
    versions = got(system, f"{BASE}/{target}/_history").json()
    assert [one["resource"]["id"] for one in versions["entry"]] == [sent]
    (told, *_) = got(system, f"{BASE}/Provenance?target={target}").json()["entry"]
    # Nobody here entered them, and no patient answered on a page of ours.
    who = json.dumps(told["resource"]["agent"])
    assert "Patient/" not in who


def test_orders_and_drafts_are_read_by_id_and_never_taken_for_what_is_here(
    system, patient
):
    """One address reads both kinds; a search finds what its statement says alone."""
    order = send(system, ordering(patient), ORDERS).json()["id"]
    draft = send(system, questionnaire(), DRAFTS).json()["id"]
    for address in (
        f"{ORDERS}/{order}",
        f"{TASKS}/{order}",
        f"{DRAFTS}/{draft}",
    ):
        answer = got(system, address)
        tag = answer["ETag"]
        assert answer.json()["meta"]["versionId"] in tag
        assert system.get(address, headers={"If-None-Match": tag}).status_code == 304
    for address, one in ((TASKS, order), (DRAFTS, draft)):
        assert got(system, f"{address}?_id={one}").json()["total"] == 1
        entries = got(system, address).json().get("entry", ())
        assert one not in [found["resource"]["id"] for found in entries]


def test_meta_of_a_draft_is_ours_where_it_speaks_of_versions(system):
    profile = ["http://example.org/profile"]
    meta = {"versionId": "of theirs", "lastUpdated": "then", "profile": profile}
    draft = send(system, questionnaire(meta=meta), DRAFTS).json()
    assert draft["meta"]["profile"] == profile
    assert draft["meta"]["lastUpdated"] != "then"
    assert draft["meta"]["versionId"] != "of theirs"
    assert got(system, f"{DRAFTS}/{draft['id']}").json() == draft
