"""Begins and cancels a screening whose answers staff enter."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from core.audit import Actor
from core.models import Patient, User
from core.permissions import Permission, PermissionRefused, check_can
from screening.actions import entry
from screening.actions.starting import start_screening
from screening.models import Screening
from screening.models.sitting import Sitting

ASQ = "asq"


class EntryRefused(ValueError):
    """Answers cannot be entered here; the sentence says what to do."""


def _check(
    patient: Patient,
    battery: Sequence[str],
    mode: str,
    answered_at: datetime,
    *,
    by: User,
    at: datetime,
) -> None:
    check_can(by, Permission.ENTER_ANSWERS)
    if by.clinic_id != patient.clinic_id:
        raise PermissionRefused("This patient belongs to another clinic.")
    if patient.status == Patient.Status.MERGED:
        raise EntryRefused("This record was merged. Use the one that stays.")
    if patient.status == Patient.Status.DECEASED:
        raise EntryRefused("This patient's record says that the patient has died.")
    if not battery:
        raise EntryRefused("Choose at least one questionnaire.")
    if ASQ in battery and mode == Screening.Mode.PAPER:
        raise EntryRefused("The ASQ is asked aloud, in person or by telephone.")
    if answered_at > at:
        raise EntryRefused("The answers cannot be from the future.")
    born = patient.birth_date
    if born and _day(patient, answered_at).isoformat() < born:
        raise EntryRefused("The answers cannot be older than the patient.")


def _day(patient: Patient, at: datetime) -> date:
    return at.astimezone(patient.clinic.zone).date()


@transaction.atomic
def start_entry(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    mode: str,
    answered_at: datetime,
    by: User,
    at: datetime,
) -> Screening:
    """Begin a screening that staff enter; pressed twice, it is begun once.

    Raises EntryRefused or NotAvailable with a sentence.
    """
    _check(patient, battery, mode, answered_at, by=by, at=at)
    # One at a time for each patient, so that a second press finds the first.
    Patient.objects.select_for_update(of=("self",)).get(id=patient.id)
    wanted = (list(battery), language, _day(patient, answered_at))
    for waiting in unfinished(patient).filter(started_at__isnull=True, mode=mode):
        begun_for = _day(patient, waiting.answered_at or waiting.created_at)
        if (waiting.battery, waiting.language, begun_for) == wanted:
            # Nothing is answered yet, so the later moment is the truer one.
            waiting.answered_at = answered_at
            waiting.save(update_fields=["answered_at"])
            return waiting
    screening = start_screening(
        patient=patient,
        battery=battery,
        language=language,
        origin=Screening.Origin.STAFF,
        by=Actor.staff(by),
        at=at,
    )
    screening.mode, screening.answered_at = mode, answered_at
    # The head of the audit chain is already new: `start_screening` saved it.
    screening.save(update_fields=["mode", "answered_at"])
    return screening


def unfinished(patient: Patient) -> QuerySet[Screening]:
    """Return what staff have begun to enter for this patient, the newest first."""
    rows = Screening.objects.filter(patient=patient, origin=Screening.Origin.STAFF)
    return rows.filter(
        status__in=[Screening.Status.INVITED, Screening.Status.IN_PROGRESS]
    ).order_by("-created_at", "id")


def cancel_entry(sitting: Sitting, *, by: User, at: datetime) -> None:
    """End an entry unfinished, in the caller's transaction. What was entered stays,
    and stays flagged."""
    entry.stop(
        sitting,
        Screening.Status.WITHDRAWN,
        by=Actor.staff(by),
        at=at,
        how="cancelled",
    )
