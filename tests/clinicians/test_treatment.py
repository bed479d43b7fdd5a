"""Treatment events: who may mark what on which day, and what a withdrawal leaves."""

from datetime import date, timedelta

import pytest

from clinicians.actions.treatment import (
    LONGEST_TEXT,
    TreatmentRefused,
    add_treatment_event,
    withdraw_treatment_event,
)
from clinicians.models import TreatmentEvent
from core.models import AuditEvent, Patient
from core.permissions import PermissionRefused
from tests.cast import NOW, Cast, make_patient

TODAY = date(2026, 9, 15)


def add(patient: Patient, by, **fields) -> TreatmentEvent:
    given = {
        "kind": "medication-started",
        "happened_on": TODAY,
        "text": " 10 mg ",
        **fields,
    }
    return add_treatment_event(patient=patient, by=by, at=NOW, **given)


def test_event_is_kept_with_who_and_when(cast: Cast):
    patient = make_patient(cast.clinic)
    row = add(patient, cast.alice)
    row.refresh_from_db()
    assert (row.text, row.by, row.at) == ("10 mg", cast.alice, NOW)
    line = AuditEvent.objects.get(kind="TREATMENT_ADDED")
    assert line.object_id == str(patient.id)
    assert line.detail == {"event": str(row.id), "kind": "medication-started"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "leeches"}, "Choose one of the kinds"),
        ({"happened_on": TODAY + timedelta(days=1)}, "cannot be in the future"),
        ({"happened_on": date(1985, 3, 13)}, "before the patient was born"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "Shorten the note"),
    ],
)
def test_event_that_cannot_be_is_refused(cast: Cast, fields, sentence):
    with pytest.raises(TreatmentRefused, match=sentence):
        add(make_patient(cast.clinic), cast.alice, **fields)
    assert not TreatmentEvent.objects.exists()
    assert not AuditEvent.objects.exists()


def test_birth_date_that_is_not_known_stops_nothing(cast: Cast):
    patient = make_patient(cast.clinic, birth_date="")
    row = add(patient, cast.alice, happened_on=date(1980, 1, 1))
    assert row.happened_on == date(1980, 1, 1)


def test_birth_date_that_cannot_be_read_stops_nothing(cast: Cast, settings):
    make_patient(cast.clinic)
    settings.FIELD_KEYS = {"other": b"x" * 32}
    row = add(Patient.objects.get(), cast.alice)
    assert row.kind == "medication-started"


def test_today_is_the_clinics_today(cast: Cast):
    late = NOW.replace(hour=2)  # still the 14th in New York
    with pytest.raises(TreatmentRefused, match="future"):
        add_treatment_event(
            patient=make_patient(cast.clinic),
            kind="other",
            happened_on=TODAY,
            text="",
            by=cast.alice,
            at=late,
        )


@pytest.mark.parametrize("who", ["ada", "fred", "liv", "charlie"])
def test_others_may_not(cast: Cast, who):
    patient = make_patient(cast.clinic)
    with pytest.raises(PermissionRefused):
        add(patient, getattr(cast, who))
    row = add(patient, cast.alice)
    with pytest.raises(PermissionRefused):
        withdraw_treatment_event(event=row, by=getattr(cast, who), at=NOW)


def test_withdrawn_once_and_kept(cast: Cast):
    row = add(make_patient(cast.clinic), cast.alice)
    withdraw_treatment_event(event=row, by=cast.bob, at=NOW)
    with pytest.raises(TreatmentRefused, match="already"):
        withdraw_treatment_event(event=row, by=cast.alice, at=NOW)
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_at) == (cast.bob, NOW)
    assert AuditEvent.objects.filter(kind="TREATMENT_WITHDRAWN").count() == 1
