"""What was changed in the database behind our back does not leave."""

import copy
import json

import pytest

from core.models import AuditEvent
from screening.models import Definition
from tests.records.conftest import AT
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration

BASE = "/fhir/R4"


@pytest.fixture
def changed(clinic):
    """An administration of a form of which one word is not the official one."""
    row = make_administration(clinic, [1] * 9)
    content = copy.deepcopy(row.definition.content)
    content["text"]["items"][0]["text"] = "Lots of interest"
    row.definition = Definition.objects.create(
        instrument_id="phq-9",
        version="2025.9",
        language="en",
        checksum=row.definition.checksum,
        content=content,
        created_at=AT,
    )
    row.save()
    return row


def test_changed_text_is_refused_and_reported(fhir, clinic, changed):
    paths = (
        f"QuestionnaireResponse/{changed.id}",
        f"Observation/{changed.id}.total",
        f"Observation/{changed.id}.total/_history",
        "Observation",
        "Questionnaire",
    )
    for number, path in enumerate(paths, 1):
        answer = fhir.get(f"{BASE}/{path}")
        assert answer.status_code == 409
        outcome = json.loads(answer.content)
        accept(outcome)
        assert outcome["issue"][0]["code"] == "conflict"
        text = outcome["issue"][0]["details"]["text"]
        assert text.startswith("The stored text of phq-9 2025.9 en does not match")
        lines = AuditEvent.objects.filter(kind="RECORD_TEXT_CHANGED_REFUSED")
        assert lines.count() == number
        assert lines.last().chain == f"clinic:{clinic.id}"
        assert lines.last().object_id == str(changed.definition_id)


def test_text_that_carries_a_checksum_of_its_own_is_refused_too(fhir, clinic):
    """Whoever changes text and checksum inside still has the row's own against them."""
    row = make_administration(clinic, [1] * 9)
    row.definition = Definition.objects.create(
        instrument_id="phq-9",
        version="2025.9",
        language="en",
        checksum="0" * 64,
        content=row.definition.content,
        created_at=AT,
    )
    row.save()
    answer = fhir.get(f"{BASE}/QuestionnaireResponse/{row.id}")
    assert answer.status_code == 409


def test_what_rests_on_no_form_still_leaves(fhir, changed):
    patient = changed.screening.patient_id
    assert fhir.get(f"{BASE}/Patient/{patient}").status_code == 200
