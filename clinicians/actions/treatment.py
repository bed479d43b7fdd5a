"""Marking what happened in a patient's care, and taking back what was a mistake."""

from datetime import date, datetime

from django.db import transaction

from clinicians.actions.records import check_record
from clinicians.definitions import treatment_kinds
from clinicians.models import TreatmentEvent
from core import audit
from core.crypto import CannotRead
from core.models import Patient, User
from core.permissions import Permission

LONGEST_TEXT = 500


class TreatmentRefused(ValueError):
    """The event cannot be recorded or withdrawn so; the sentence says why."""


def _check_day(patient: Patient, happened_on: date, *, at: datetime) -> None:
    if happened_on > at.astimezone(patient.clinic.zone).date():
        raise TreatmentRefused("The day cannot be in the future.")
    try:
        born = patient.birth_date
    except CannotRead:
        # What happened can be marked all the same.
        born = ""
    if born and happened_on.isoformat() < born:
        raise TreatmentRefused("The day cannot be before the patient was born.")


@transaction.atomic
def add_treatment_event(
    *,
    patient: Patient,
    kind: str,
    happened_on: date,
    text: str,
    by: User,
    at: datetime,
) -> TreatmentEvent:
    """Mark an event on the patient's course. Raises TreatmentRefused."""
    check_record(patient, by, Permission.RECORD_TREATMENT)
    if kind not in treatment_kinds().labels:
        raise TreatmentRefused("Choose one of the kinds shown.")
    if len(text) > LONGEST_TEXT:
        raise TreatmentRefused(f"Shorten the note to {LONGEST_TEXT} characters.")
    _check_day(patient, happened_on, at=at)
    event = TreatmentEvent.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        kind=kind,
        happened_on=happened_on,
        text=text.strip(),
        by=by,
        at=at,
    )
    _note(event, "TREATMENT_ADDED", by=by, at=at)
    return event


@transaction.atomic
def withdraw_treatment_event(
    *, event: TreatmentEvent, by: User, at: datetime
) -> TreatmentEvent:
    """Take an event that was entered by mistake off the course; the row stays.

    Raises TreatmentRefused where somebody has done so already.
    """
    check_record(event.patient, by, Permission.RECORD_TREATMENT)
    mine = TreatmentEvent.objects.filter(id=event.id, withdrawn_at=None)
    if mine.update(withdrawn_at=at, withdrawn_by=by) != 1:
        raise TreatmentRefused("This event has been withdrawn already.")
    event.withdrawn_at, event.withdrawn_by = at, by
    _note(event, "TREATMENT_WITHDRAWN", by=by, at=at)
    return event


def _note(event: TreatmentEvent, kind: str, *, by: User, at: datetime) -> None:
    audit.record(
        clinic_id=event.clinic_id,
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="patient",
        object_id=event.patient_id,
        detail={"event": str(event.id), "kind": event.kind},
    )
