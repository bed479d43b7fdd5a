"""Examining the audit log leaves its own lines: looking, taking along, proving."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from clinicians.definitions import security_policy
from core import audit
from core.models import AuditChain, Clinic, User
from core.permissions import Permission, check_can


class TooLong(ValueError):
    """A page cannot wait for it."""

    def __init__(self) -> None:
        super().__init__(
            "The log is too long to be proved in a page. Whoever runs this system does "
            "it with manage.py verify_audit."
        )


@transaction.atomic
def record_examined(
    *,
    kind: str,
    by: User,
    at: datetime,
    detail: Mapping[str, str | int],
    patient_id: uuid.UUID | None = None,
) -> None:
    """Write that somebody read the log (AUDIT_VIEWED) or took it along.

    Narrowed down to one patient it is a look at that record, and stands among its looks.
    """
    check_can(by, Permission.READ_AUDIT)
    audit.record(
        clinic_id=str(by.clinic_id),
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="patient" if patient_id else "clinic",
        object_id=str(patient_id or by.clinic_id),
        detail={"role": str(by.role), **detail},
    )


def prove(*, clinic: Clinic, by: User, at: datetime) -> list[str]:
    """Prove the clinic's chain line by line; returns its faults, and records how it went."""
    check_can(by, Permission.READ_AUDIT)
    chain = AuditChain.objects.filter(name=f"clinic:{clinic.id}").first()
    lines = chain.seq if chain else 0
    if lines > security_policy().audit_prove:
        raise TooLong
    faults = audit.verify_clinic(clinic.id)
    detail = {"lines": lines, "faults": len(faults)}
    record_examined(kind="AUDIT_PROVED", by=by, at=at, detail=detail)
    return faults
