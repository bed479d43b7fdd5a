"""Inviting several patients by one press, and who of them cannot be invited now."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from clinicians.actions.inviting import ask, has_address, open_screenings
from clinicians.definitions import planning_policy
from clinicians.models import InviteBatch
from core import audit
from core.models import Clinic, Patient, User
from core.permissions import Permission, check_can
from screening import definitions
from screening.models import Screening


class BatchRefused(ValueError):
    """These patients cannot be invited at once; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One patient, and what to ask in which language."""

    patient_id: uuid.UUID
    battery: Sequence[str]
    language: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of it: by mail, on a sheet, or not at all and why."""

    patient: Patient
    battery: Sequence[str]
    language: str
    mailed: bool
    why: str


def plan(
    clinic: Clinic, wanted: Sequence[Wanted], *, lock: bool = False
) -> list[Planned]:
    """Say of each what would become of it, in the order given; a patient only once.

    `lock`: hold the patients' rows, so that nobody else invites them meanwhile.

    Raises BatchRefused for none, too many, or anybody of another clinic.
    """
    most = planning_policy().invite_most
    first = {one.patient_id: one for one in reversed(wanted)}
    if not 0 < len(first) <= most:
        raise BatchRefused(f"Choose 1 to {most} patients.")
    rows = Patient.objects.filter(clinic=clinic, id__in=first)
    # One order for all, so that two writers never wait for each other.
    rows = rows.order_by("id").prefetch_related("identifiers")
    if lock:
        rows = rows.select_for_update(no_key=True)
    found = {row.id: row for row in rows}
    if len(found) != len(first):
        raise BatchRefused("One of these patients is not there.")
    busy = open_screenings(found)
    order = dict.fromkeys(one.patient_id for one in wanted)
    return [_planned(found[id_], first[id_], busy.get(id_)) for id_ in order]


def _planned(patient: Patient, one: Wanted, busy: Screening | None) -> Planned:
    why = ""
    if patient.status != Patient.Status.ACTIVE:
        why = "The record is not active."
    elif busy is not None:
        begun = "has begun" if busy.started_at else "was invited"
        why = f"The patient {begun} already, and what was asked is still open."
    elif missing := _without_text(one):
        why = f"{missing.upper()} has no official text in the patient's language."
    return Planned(
        patient, one.battery, one.language, not why and has_address(patient), why
    )


def _without_text(one: Wanted) -> str:
    shipped = definitions.load_all()
    missing = (i for i in one.battery if (i, one.language) not in shipped)
    return next(missing, "")


def invite_many(
    *,
    batch_id: uuid.UUID,
    clinic: Clinic,
    wanted: Sequence[Wanted],
    by: User,
    at: datetime,
) -> InviteBatch:
    """Invite all who can be, in one transaction; the same batch twice is done once.

    Raises BatchRefused, InvitationRefused or NotAvailable; then nobody is invited.
    """
    check_can(by, Permission.INVITE)
    if by.clinic_id != clinic.id:
        raise BatchRefused("These patients belong to another clinic.")
    try:
        return _done(batch_id, clinic) or _invite_many(
            batch_id, clinic, wanted, by=by, at=at
        )
    except IntegrityError:
        # Pressed twice at the same moment: the other one did it.
        done = _done(batch_id, clinic)
        if done is None:
            raise
        return done


def _done(batch_id: uuid.UUID, clinic: Clinic) -> InviteBatch | None:
    return InviteBatch.objects.filter(id=batch_id, clinic=clinic).first()


@transaction.atomic
def _invite_many(
    batch_id: uuid.UUID,
    clinic: Clinic,
    wanted: Sequence[Wanted],
    *,
    by: User,
    at: datetime,
) -> InviteBatch:
    planned = plan(clinic, wanted, lock=True)
    actor = audit.Actor.staff(by)
    # Who was pressed for twice waits above for the lock, and finds the first here.
    if done := _done(batch_id, clinic):
        return done
    rows = [_invite_one(clinic, one, by=actor, at=at) for one in planned]
    batch = InviteBatch.objects.create(
        id=batch_id, clinic=clinic, rows=rows, by=by, at=at
    )
    audit.record(
        clinic_id=clinic.id,
        kind="PATIENTS_INVITED",
        by=actor,
        at=at,
        object_type="invite_batch",
        object_id=batch.id,
        detail={"invited": sum(not row["why"] for row in rows), "of": len(rows)},
    )
    return batch


def _invite_one(
    clinic: Clinic, one: Planned, *, by: audit.Actor, at: datetime
) -> dict[str, Any]:
    row = {"patient": str(one.patient.id), "mailed": one.mailed, "why": one.why}
    if one.why:
        return {**row, "screening": None, "invitation": None}
    one.patient.clinic = clinic
    made = ask(
        patient=one.patient,
        battery=one.battery,
        language=one.language,
        by=by,
        at=at,
        mailed=one.mailed,
    )
    ids = {"screening": made.screening.id, "invitation": made.invitation.id}
    return {**row, **{name: str(id_) for name, id_ in ids.items()}}
