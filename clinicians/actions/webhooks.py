"""Where a clinic's notices go by webhook, and the secret that signs them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from core import audit
from core.models import Clinic, User
from core.permissions import Permission, check_can

# The new secret and the one before it: receivers change over in their own time.
KEPT = 2


class NoSecret(ValueError):
    """Nothing can be signed yet."""

    def __init__(self) -> None:
        super().__init__("Make a signing secret first.")


@transaction.atomic
def set_webhooks(
    *, clinic: Clinic, addresses: Mapping[str, list[str]], by: User, at: datetime
) -> bool:
    """Save each step's receivers; returns whether anything changed."""
    check_can(by, Permission.MANAGE_CLINIC)
    row = Clinic.objects.select_for_update().get(id=clinic.id)
    if any(addresses.values()) and not row.webhook_secret:
        raise NoSecret
    rungs: dict[str, dict[str, Any]] = {r["step"]: dict(r) for r in row.ladder}
    before = _hosts({step: r.get("webhooks", []) for step, r in rungs.items()})
    for step, found in addresses.items():
        rung = rungs.setdefault(step, {"step": step, "emails": []})
        rung["webhooks"] = list(found)
    ladder = list(rungs.values())
    if _told(ladder) == _told(row.ladder):
        return False
    row.ladder = ladder
    row.save(update_fields=["ladder"])
    _record(row, {"webhooks": {"from": before, "to": _hosts(addresses)}}, by=by, at=at)
    return True


def _told(ladder: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    return {r["step"]: r["webhooks"] for r in ladder if r.get("webhooks")}


def _hosts(addresses: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Only hosts go on record: the path of an address may be a secret of its own."""
    return {
        step: [urlsplit(url).hostname or "" for url in found]
        for step, found in addresses.items()
        if found
    }


@transaction.atomic
def renew_secret(*, clinic: Clinic, secret: str, by: User, at: datetime) -> None:
    """Sign with this secret from now on, and for now with the last one too."""
    check_can(by, Permission.MANAGE_CLINIC)
    row = Clinic.objects.select_for_update().get(id=clinic.id)
    row.webhook_secret = " ".join([secret, *row.webhook_secret.split()][:KEPT])
    row.save(update_fields=["webhook_secret"])
    # That it changed, never what it is.
    _record(row, {"webhook_secret": {"renewed": True}}, by=by, at=at)


def _record(row: Clinic, detail: dict[str, Any], *, by: User, at: datetime) -> None:
    audit.record(
        clinic_id=row.id,
        kind="CLINIC_CHANGED",
        by=audit.Actor.staff(by),
        at=at,
        object_type="clinic",
        object_id=row.id,
        detail=detail,
    )
