"""The course on its own page: treatment events, tables to download, who may."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from clinicians.actions.treatment import add_treatment_event, withdraw_treatment_event
from clinicians.models import TreatmentEvent
from clinicians.presenters.tables import as_csv
from core.models import AuditEvent, Patient
from tests.cast import (
    NOW,
    Cast,
    make_patient,
    signed_in,
)
from tests.clinicians.views.test_course import scored

DAY = date(2026, 9, 10)


def url(name: str, patient: Patient, *args: object) -> str:
    return reverse(f"clinicians:{name}", args=[patient.id, *args])


def page_of(cast: Cast, patient: Patient, who: str = "alice") -> str:
    client = signed_in(getattr(cast, who))
    return client.get(url("course", patient)).content.decode()


def event(cast: Cast, patient: Patient, **fields) -> TreatmentEvent:
    given = {"kind": "therapy-started", "happened_on": DAY, "text": "", **fields}
    return add_treatment_event(patient=patient, by=cast.alice, at=NOW, **given)


def table(cast: Cast, address: str) -> list[dict[str, str]]:
    response = signed_in(cast.alice).get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_events_stand_on_the_chart_and_in_the_table(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    scored(patient, 9, days=28)
    event(cast, patient, text="Weekly")
    page = page_of(cast, patient)
    assert page.count('class="course__event"') == 1
    assert "1: 10 Sep 2026, Psychological therapy started (Alice Moore, Tue" in page
    assert "Weekly" in page
    assert "Numbers above: treatment events, in the table of their own." in page


def test_event_far_outside_is_listed_and_not_drawn(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    event(cast, patient, happened_on=date(2020, 1, 5))
    page = page_of(cast, patient)
    assert "course__event" not in page
    assert "Not drawn, outside the time shown: event 1." in page


@pytest.mark.parametrize(("name", "forms"), [("course", 3), ("patient", 4)])
def test_each_form_carries_its_token(cast: Cast, name, forms):
    patient = make_patient(cast.clinic)
    event(cast, patient)
    page = signed_in(cast.alice).get(url(name, patient)).content.decode()
    # One to sign out, one to withdraw, one to record; the patient's own page has one
    # for reminders.
    assert page.count('method="post"') == forms
    assert page.count('name="csrfmiddlewaretoken"') == forms


def test_withdrawn_event_leaves_the_chart_and_stays_in_the_list(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    row = event(cast, patient)
    withdraw_treatment_event(event=row, by=cast.bob, at=NOW)
    page = page_of(cast, patient)
    assert "Withdrawn by Bob Stone, Tue 15 Sep 2026, 10:00" in page
    assert "Numbers above" not in page


def test_event_is_recorded_from_the_page(cast: Cast):
    patient = make_patient(cast.clinic)
    data = {"kind": "other", "happened_on": "2026-09-01", "text": "Moved house"}
    response = signed_in(cast.alice).post(
        url("add-treatment", patient), data, follow=True
    )
    assert "The event is on the course." in response.content.decode()
    assert TreatmentEvent.objects.get().text == "Moved house"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "This field is required."),
        ({"kind": "other", "happened_on": "1/2/2026"}, "year-month-day"),
        ({"kind": "other", "happened_on": "2999-01-01"}, "cannot be in the future"),
    ],
)
def test_wrong_event_comes_back_with_what_was_typed(cast: Cast, data, sentence):
    response = signed_in(cast.alice).post(
        url("add-treatment", make_patient(cast.clinic)), {"text": "Kept", **data}
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'value="Kept"' in response.content.decode()


def test_event_is_withdrawn_once(cast: Cast):
    patient = make_patient(cast.clinic)
    row = event(cast, patient)
    client = signed_in(cast.bob)
    address = url("withdraw-treatment", patient, row.id)
    assert client.post(address).status_code == 302
    response = client.post(address)
    assert response.status_code == 409
    assert "has been withdrawn already" in response.content.decode()


def test_event_of_another_patient_is_not_there(cast: Cast):
    row = event(cast, make_patient(cast.clinic))
    address = url("withdraw-treatment", make_patient(cast.clinic), row.id)
    assert signed_in(cast.alice).post(address).status_code == 404


def test_table_holds_every_submit_with_its_answers(cast: Cast):
    patient = make_patient(cast.clinic)
    for days in range(14):
        scored(patient, 20 - days, days=days, nine=days % 2)
    scored(patient, Decimal("9.5"), days=30, prorated=True)
    rows = table(cast, url("course-csv", patient, "phq-9"))
    assert len(rows) == 15
    first, last = rows[0], rows[-1]
    assert first["given_at"] == "2026-09-15T10:00-04:00"
    assert (first["total"], first["whole"], first["item_9"]) == ("20", "yes", "")
    assert rows[1]["item_9"] == "Several days"
    assert (last["total"], last["whole"], last["prorated"]) == ("9.5", "no", "yes")
    assert first["cut"].startswith("10 (")
    (nine,) = [name for name in first if name.startswith("item_9: ")]
    assert (first[nine], rows[1][nine]) == ("0", "1")
    line = AuditEvent.objects.get(kind="COURSE_DOWNLOADED")
    assert line.detail == {"role": "CLINICIAN", "table": "phq-9"}


def test_table_of_events_marks_the_withdrawn_ones(cast: Cast):
    patient = make_patient(cast.clinic)
    event(cast, patient, text="=cmd()")
    row = event(cast, patient, kind="other", happened_on=DAY + timedelta(days=1))
    withdraw_treatment_event(event=row, by=cast.bob, at=NOW)
    first, second = table(cast, url("events-csv", patient))
    assert first["note"] == "'=cmd()"
    assert (first["withdrawn_at"], first["recorded_by"]) == ("", "Alice Moore")
    assert second["withdrawn_at"] == "2026-09-15T10:00-04:00"


def test_table_of_what_was_never_asked_is_not_there(cast: Cast):
    address = url("course-csv", make_patient(cast.clinic), "phq-9")
    assert signed_in(cast.alice).get(address).status_code == 404
    assert not AuditEvent.objects.filter(kind="COURSE_DOWNLOADED").exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_cell_that_would_be_run_is_made_text(start):
    assert as_csv([[f"{start}1"]]).decode("utf-8-sig").lstrip('"').startswith("'")


GETS = (("course", ()), ("course-csv", ("phq-9",)), ("events-csv", ()))


@pytest.mark.parametrize(("name", "args"), GETS)
@pytest.mark.parametrize("who", ["ada", "fred", "liv"])
def test_course_is_closed_to_other_roles(cast: Cast, name, args, who):
    patient = make_patient(cast.clinic)
    address = url(name, patient, *args)
    assert signed_in(getattr(cast, who)).get(address).status_code == 403


@pytest.mark.parametrize(("name", "args"), GETS)
def test_course_of_another_clinic_is_not_there(cast: Cast, name, args):
    patient = make_patient(cast.clinic)
    scored(patient, 9)
    address = url(name, patient, *args)
    assert signed_in(cast.charlie).get(address).status_code == 404
    assert signed_in(cast.alice).post(address).status_code == 405


@pytest.mark.parametrize("who", ["ada", "fred", "liv", "charlie"])
def test_events_are_closed_to_others(cast: Cast, who):
    patient = make_patient(cast.clinic)
    row = event(cast, patient)
    client = signed_in(getattr(cast, who))
    wanted = 404 if who == "charlie" else 403
    assert client.post(url("add-treatment", patient)).status_code == wanted
    address = url("withdraw-treatment", patient, row.id)
    assert client.post(address).status_code == wanted
    assert signed_in(cast.alice).get(address).status_code == 405


def test_course_takes_the_same_queries_however_much_there_is(
    cast: Cast, django_assert_max_num_queries
):
    patient = make_patient(cast.clinic)
    for days in range(6):
        scored(patient, 20 - days, days=days * 14)
        event(cast, patient, happened_on=DAY - timedelta(days=days))
    client = signed_in(cast.alice)
    client.get(url("course", patient))
    with django_assert_max_num_queries(20):
        client.get(url("course", patient))
