"""A clinic's signatures under wordings, and the rows that model calls leave."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from core import audit
from core.models import Clinic, User
from screening.models import ModelCall, WordingSignOff


@transaction.atomic
def sign_wordings(
    *, clinic: Clinic, keys: Mapping[str, str], role: str, by: User, at: datetime
) -> int:
    """Sign wordings, given as key -> checksum, in one of the two roles.

    Returns how many signatures were new. A signature holds for the text as it
    stands: a changed text has another checksum and waits again.
    """
    known = set(
        WordingSignOff.objects.filter(clinic=clinic, role=role).values_list(
            "wording_key", "checksum"
        )
    )
    fresh = [pair for pair in keys.items() if pair not in known]
    WordingSignOff.objects.bulk_create(
        WordingSignOff(
            clinic=clinic, wording_key=key, checksum=checksum, role=role, by=by, at=at
        )
        for key, checksum in fresh
    )
    if fresh:
        audit.record(
            clinic_id=clinic.id,
            kind="WORDINGS_SIGNED",
            by=audit.Actor.staff(by),
            at=at,
            object_type="clinic",
            object_id=str(clinic.id),
            detail={"role": role, "count": len(fresh), "keys": sorted(dict(fresh))},
        )
    return len(fresh)


def signed(clinic_id: uuid.UUID) -> set[tuple[str, str]]:
    """Return (key, checksum) of every wording that both roles have signed."""
    rows = WordingSignOff.objects.filter(clinic_id=clinic_id).values_list(
        "wording_key", "checksum", "role"
    )
    by_role: dict[str, set[tuple[str, str]]] = {}
    for key, checksum, role in rows:
        by_role.setdefault(role, set()).add((key, checksum))
    roles = [by_role.get(role, set()) for role in WordingSignOff.Role.values]
    return set.intersection(*roles)


def save_calls(calls: Iterable[ModelCall]) -> None:
    """Keep one row a call to a model."""
    ModelCall.objects.bulk_create(calls)
