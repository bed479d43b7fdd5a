"""The audit chain of one screening: its head lives in the screening's own row."""

import uuid
from datetime import datetime
from typing import Any

from core import audit
from screening.models import Screening


def note(
    screening: Screening,
    kind: str,
    *,
    by: audit.Actor,
    at: datetime,
    object_id: uuid.UUID | None = None,
    object_type: str = "screening",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one audit row; the caller saves `audit_seq` and `audit_head`."""
    link = audit.ChainLink(
        name=f"screening:{screening.id}",
        seq=screening.audit_seq,
        head=screening.audit_head,
    )
    advanced = audit.append(
        link,
        kind=kind,
        by=by,
        at=at,
        object_type=object_type,
        object_id=str(object_id or screening.id),
        detail=detail or {},
    )
    screening.audit_seq, screening.audit_head = advanced.seq, advanced.head


CHAIN_FIELDS = ("audit_seq", "audit_head")


def save(screening: Screening, *fields: str) -> None:
    """Save the named fields together with the head of the chain."""
    screening.save(update_fields=[*fields, *CHAIN_FIELDS])
