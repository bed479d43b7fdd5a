"""Our deliveries to FHIR servers that others wrote: twice, amended, and nothing doubled.

Run by path only (make conformance). A delivery is a real row, sent by the real worker.
"""

from collections import Counter
from datetime import timedelta

import pytest

from core.models import Patient
from records.models import Delivery
from records.outbox import planning, sending
from records.tasks.sending import _try
from tests.conformance.running import held, medplum, read, sekmet
from tests.records.out.leaving import make_leaving
from tests.records.out.test_deliveries import amend
from tests.records.rows import make_patient

WHOLE = Counter(Patient=1, QuestionnaireResponse=1, Observation=12)


@pytest.fixture
def leaving(transactional_db, settings, tmp_path):
    settings.WEBHOOK_LOOPBACK = True
    settings.RECORDS_FOLDER = str(tmp_path / "records")
    return make_leaving()


def counted(base):
    found = {kind: len(held(base, kind)) for kind in WHOLE}
    return Counter({kind: count for kind, count in found.items() if count})


def totals(base):
    found = held(base, "Observation")
    return [one["valueQuantity"]["value"] for one in found if "valueQuantity" in one]


def sent_twice(leaving, base):
    """The answer to the first time is lost, and the result is sent again."""
    place = leaving.place(address=base)
    row = leaving.result(make_patient(leaving.clinic, number="777"))
    planning.plan(destination_id=place.id, at=leaving.now)
    lost = sending.claim_next(destination_id=place.id, at=leaving.now)
    assert lost is not None
    first = _try(lost, lambda: leaving.now)
    assert first.verdict == "TAKEN", first
    leaving.run(minutes=10)
    assert leaving.states() == ["ACCEPTED"], Delivery.objects.get().last_error
    return row


def linked(base):
    """How many resources of ours lead there, each to something that is there."""
    text = [one for kind in WHOLE for one in held(base, kind)]
    found = {one for resource in text for one in _named(resource)}
    for one in found:
        assert read(f"{base}/{one}")["id"] == one.partition("/")[2]
    return len(found)


def _named(value):
    if isinstance(value, list):
        return {one for item in value for one in _named(item)}
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own | {one for item in value.values() for one in _named(item)}


@pytest.mark.parametrize("whole", [True, False], ids=["transaction", "one by one"])
def test_medplum(leaving, tell, whole):
    with medplum(whole=whole) as base:
        row = sent_twice(leaving, base)
        assert counted(base) == WHOLE
        (before,) = totals(base)
        put_right(leaving, row)
        assert counted(base) == WHOLE
        (response,) = held(base, "QuestionnaireResponse")
        assert response["status"] == "amended"
        assert totals(base) == [before + 2]
        assert linked(base) == 1 + WHOLE["Observation"]
        another(leaving)
        assert counted(base) == WHOLE + WHOLE - Counter(Patient=1)
    how = "in one transaction" if whole else "one by one"
    what = f"pushed {how}: twice, amended, another; nothing doubled"
    tell("Medplum FhirRouter", what, sum(WHOLE.values()))


def test_sekmet(leaving, tell, tmp_path):
    """It names no QuestionnaireResponse: the rest is sent, and says what is not there."""
    without = WHOLE - Counter(QuestionnaireResponse=1)
    folder = tmp_path / "sekmet"
    folder.mkdir()
    with sekmet(folder) as base:
        row = sent_twice(leaving, base)
        assert counted(base) == without
        left = [one for one in receipt() if one["status"] == "left out"]
        assert [one["type"] for one in left] == ["QuestionnaireResponse"]
        (before,) = totals(base)
        put_right(leaving, row)
        assert totals(base) == [before + 2]
        assert linked(base) == WHOLE["Observation"]
        urn = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{row.id}"}
        for one in held(base, "Observation"):
            assert one["derivedFrom"][0]["identifier"] == urn
        another(leaving)
        assert counted(base) == without + without - Counter(Patient=1)
    what = "pushed without the response that it does not name; nothing doubled"
    tell("sekmet serve", what, sum(without.values()))


def receipt():
    return Delivery.objects.order_by("-caused_at").first().receipt


def put_right(leaving, row):
    amend(leaving, row, leaving.now)
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]


def another(leaving):
    """A second result of the same patient, who is there once."""
    (patient,) = Patient.objects.all()
    row = leaving.result(patient)
    later = row.completed_at + timedelta(seconds=5)
    type(row).objects.filter(id=row.id).update(completed_at=later)
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED"] * 3
