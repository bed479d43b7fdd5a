"""Looking leaves a trace too: whoever opens a record can be asked why."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from core import audit
from core.models import EmergencyAccess, User


@transaction.atomic
def record_views(
    *,
    kind: str,
    object_type: str,
    object_ids: Iterable[uuid.UUID],
    by: User,
    at: datetime,
) -> None:
    """Write of each of several that it was opened: each has a record of its own."""
    audit.record_all(
        clinic_id=str(by.clinic_id),
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type=object_type,
        object_ids=object_ids,
        detail={"role": str(by.role)},
    )


@transaction.atomic
def record_view(
    *,
    kind: str,
    object_type: str,
    object_id: uuid.UUID,
    by: User,
    at: datetime,
    detail: Mapping[str, str] | None = None,
    emergency: EmergencyAccess | None = None,
) -> None:
    """Write what was opened (*_VIEWED) or taken along (*_DOWNLOADED) to the log.

    With the role of that day: a person's role may be another one tomorrow; and with
    the emergency access under which it was opened, if the role alone opens none.
    """
    under = {"emergency": str(emergency.id)} if emergency else {}
    audit.record(
        clinic_id=str(by.clinic_id),
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type=object_type,
        object_id=object_id,
        detail={"role": str(by.role), **under, **(detail or {})},
    )
