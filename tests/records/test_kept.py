"""Answers kept from a short form leave as the patient's own, in the longer form too."""

import pytest
from django.db import connection

from records.fhir.observation import observations
from records.models import Delivery, Destination
from records.outbox import planning
from records.presenters import Naming, finished, finished_rows, present, served_rows
from screening.models import Score
from tests.cast import NOW, make_clinic
from tests.stepped import stepped

pytestmark = pytest.mark.django_db
ROWS = (finished_rows, served_rows)


def leaving(clinic, row):
    found = finished(clinic, row.id)
    assert found is not None
    return present(found, clinic, Naming(base="https://x.example"))


def test_a_whole_phq_9_leaves_with_the_two_answers_kept():
    clinic = make_clinic()
    row = stepped(clinic, each=1).administrations.get(position=1)
    values = leaving(clinic, row)
    assert values.self_reported
    assert values.no_total is None
    assert [item.choice.ordinal for item in values.items[:9]] == [1] * 8 + [0]


def test_item_9_alone_leaves_with_no_total():
    clinic = make_clinic()
    row = stepped(clinic, each=0).administrations.get(position=1)
    values = leaving(clinic, row)
    answered = [item.key for item in values.items if item.choice]
    assert len(answered) == 1
    assert values.no_total is not None
    assert values.no_total.startswith("No total: only item 9 was asked. The short form")
    panel = observations(values)[0]
    assert panel["note"] == [{"text": values.no_total}]
    assert not [one for one in observations(values) if "valueQuantity" in one]


def test_form_of_which_nothing_was_asked_does_not_leave(fhir, clinic):
    """Without its safety item a longer form that did not follow has no answer at all."""
    clinic.step_safety = False
    screening = stepped(clinic, each=0)
    short, longer = screening.administrations.order_by("position")
    assert Score.objects.filter(administration=longer).exists()
    for kind, ids in (
        ("QuestionnaireResponse", {str(short.id)}),
        ("Observation", None),
    ):
        page = fhir.get(f"/fhir/R4/{kind}").json()
        found = [one["resource"]["id"] for one in page["entry"]]
        assert ids is None or set(found) == ids
        assert not [one for one in found if one.startswith(str(longer.id))]
    assert finished(clinic, longer.id) is None
    place = Destination.objects.create(
        clinic=clinic, kind="CSV_FILE", name="Files", since_at=NOW, created_at=NOW
    )
    planning.plan(destination_id=place.id, at=NOW)
    owed = Delivery.objects.values_list("administration_id", flat=True)
    assert list(owed) == [short.id]


def test_order_names_no_response_of_which_nothing_was_asked(fhir, clinic):
    """Every response that it names is found where it says."""
    clinic.step_safety = False
    screening = stepped(clinic, each=0)
    short, _ = screening.administrations.order_by("position")
    task = fhir.get(f"/fhir/R4/Task/{screening.id}").json()
    named = [one["valueReference"]["reference"] for one in task["output"]]
    assert named == [f"QuestionnaireResponse/{short.id}"]
    one = fhir.get(f"/api/v1/screenings/{screening.id}").json()
    (listed,) = fhir.get("/api/v1/screenings").json()["results"]
    assert one["responses"] == listed["responses"] == [str(short.id)]


def test_answers_of_everybody_are_not_read_for_one_page(clinic):
    """PostgreSQL turns an Exists among conditions into a table of all answers."""
    if connection.vendor == "postgresql":
        plans = [rows(clinic).order_by("id")[:5].explain() for rows in ROWS]
        assert not [plan for plan in plans if "hashed" in plan]
    texts = [str(rows(clinic).query) for rows in ROWS]
    assert all("EXISTS" not in text and "LIMIT 1" in text for text in texts)
