"""What every write on the wording library does: check who, move once, leave a trace."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from core import audit
from core.models import Clinic, User
from core.permissions import Permission, PermissionRefused, check_can
from screening.domain.wordings import Draft, Part, State, check_move
from screening.models import Wording, WordingEvent, WordingSignOff

Kind = WordingEvent.Kind


class WordingRefused(ValueError):
    """This cannot be done with this text; the sentence says why."""


def check_staff(by: User | None, permission: Permission, clinic: Clinic) -> None:
    """Raise PermissionRefused unless `by` may do this here; nobody: a command did."""
    if by is None:
        return
    check_can(by, permission)
    if by.clinic_id != clinic.id:
        raise PermissionRefused("This text belongs to another clinic.")


def lock(clinic: Clinic) -> None:
    """One writer at a time, so that two versions never get one number.

    Rows that point at the clinic may still be added: a patient's turn does.
    """
    Clinic.objects.select_for_update(no_key=True).get(id=clinic.id)


def create(
    clinic: Clinic,
    draft: Draft,
    *,
    by: User | None,
    at: datetime,
    replaces: Wording | None = None,
) -> Wording:
    """Keep a text as the next version under its key, and what the checks said."""
    same = Wording.objects.filter(clinic=clinic, key=draft.key)
    latest = same.aggregate(latest=Max("version"))["latest"] or 0
    row = Wording.objects.create(
        clinic=clinic,
        key=draft.key,
        concept=draft.concept,
        language=draft.language,
        level=draft.level,
        version=latest + 1,
        text=draft.text,
        checksum=draft.checksum,
        origin=draft.origin,
        model=draft.model,
        prompt_id=draft.prompt_id,
        prompt_hash=draft.prompt_hash,
        verdicts=[list(verdict) for verdict in draft.verdicts],
        gate_stamp=draft.stamp,
        replaces=replaces,
        proposed_at=at,
    )
    trace(row, Kind.PROPOSED, by=by, at=at, detail={"origin": str(draft.origin)})
    if draft.passed:
        move(row, State.GATED, Part.GATE)
    kind = Kind.GATED if draft.passed else Kind.NOT_GATED
    checks = sorted({check for check, _ in draft.verdicts})
    trace(row, kind, by=None, at=at, detail={"checks": checks, "stamp": draft.stamp})
    return row


def signed_by(row: Wording) -> set[str]:
    """The roles in which this very text has been signed."""
    rows = WordingSignOff.objects.filter(
        clinic=row.clinic_id, wording_key=row.key, checksum=row.checksum
    )
    return set(rows.values_list("role", flat=True))


def approve(row: Wording, part: Part, *, by: User | None, at: datetime) -> None:
    """Approve, and retire the versions that this one comes after."""
    move(row, State.APPROVED, part)
    trace(row, Kind.APPROVED, by=by, at=at)
    older = Wording.objects.select_for_update().filter(
        clinic=row.clinic_id, key=row.key, state=State.APPROVED
    )
    for other in older.exclude(id=row.id):
        move(other, State.RETIRED, Part.SUCCESSOR)
        detail = {"successor": str(row.id), "version": row.version}
        trace(other, Kind.RETIRED, by=None, at=at, detail=detail)


def move(row: Wording, to: State, part: Part) -> None:
    """Change the state if the table lets this part do so and nobody did meanwhile."""
    check_move(State(row.state), to, part)
    changed = Wording.objects.filter(id=row.id, state=row.state).update(state=to)
    if changed != 1:
        raise WordingRefused("This text has changed since you opened it. Look again.")
    row.state = to


def trace(
    row: Wording,
    kind: WordingEvent.Kind,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write the event of the wording and its audit line."""
    event = WordingEvent.objects.create(
        wording=row, kind=kind, by=by, at=at, reason=reason, detail=dict(detail or {})
    )
    audit.record(
        clinic_id=row.clinic_id,
        kind=f"WORDING_{kind.value}",
        by=audit.Actor.staff(by) if by else audit.Actor.system("wordings"),
        at=at,
        object_type="wording",
        object_id=row.id,
        detail={
            "event": str(event.id),
            "key": row.key,
            "checksum": row.checksum,
            **(detail or {}),
        },
    )
