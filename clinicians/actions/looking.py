"""Looking leaves a trace too: whoever opens a record can be asked why."""

import uuid
from datetime import datetime

from django.db import transaction

from core import audit
from core.models import User


@transaction.atomic
def record_view(
    *, kind: str, object_type: str, object_id: uuid.UUID, by: User, at: datetime
) -> None:
    """Write CASE_VIEWED, PATIENT_VIEWED or RESULTS_VIEWED to the clinic's log."""
    audit.record(
        clinic_id=str(by.clinic_id),
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type=object_type,
        object_id=object_id,
    )
