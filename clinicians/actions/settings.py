"""Changing how the clinic works, with a record of what was and what is."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import audit
from core.models import Clinic, User
from core.permissions import Permission, check_can

# What the settings page may change; everything else needs another way in.
CHANGEABLE = (
    "name",
    "phone",
    "safety_plan_url",
    "time_zone",
    "holidays",
    "staffed_hours",
    "ladder",
    "escalate_minutes",
    "ai_enabled",
    "prorate",
    "battery",
    "wording_policy",
    "model_tokens_per_day",
    "model_cost_per_day",
)


@transaction.atomic
def change_settings(
    *, clinic: Clinic, changes: Mapping[str, Any], by: User, at: datetime
) -> list[str]:
    """Save what differs; returns the names of the settings that changed."""
    check_can(by, Permission.MANAGE_CLINIC)
    row = Clinic.objects.select_for_update().get(id=clinic.id)
    before = {name: getattr(row, name) for name in CHANGEABLE}
    after = {n: v for n, v in changes.items() if n in before and before[n] != v}
    if not after:
        return []
    for name, value in after.items():
        setattr(row, name, value)
    row.save(update_fields=list(after))
    audit.record(
        clinic_id=row.id,
        kind="CLINIC_CHANGED",
        by=audit.Actor.staff(by),
        at=at,
        object_type="clinic",
        object_id=row.id,
        detail={
            name: {"from": _on_record(before[name]), "to": _on_record(value)}
            for name, value in after.items()
        },
    )
    return sorted(after)


def _on_record(value: Any) -> Any:
    """A value as JSON can hold it; an amount of money keeps every digit.

    Receivers of webhooks are left out: the path of an address may be a secret.
    """
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{k: v for k, v in rung.items() if k != "webhooks"} for rung in value]
    return value
