"""The audit log: every write adds a line, and each line seals the ones before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from core.models import AuditChain, AuditEvent, User

Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it."""

    kind: AuditEvent.ActorKind
    id: str

    @classmethod
    def staff(cls, user: User) -> "Actor":
        return cls(AuditEvent.ActorKind.STAFF, str(user.pk))

    @classmethod
    def patient(cls, patient_id: UUID | str) -> "Actor":
        return cls(AuditEvent.ActorKind.PATIENT, str(patient_id))

    @classmethod
    def system(cls, name: str) -> "Actor":
        return cls(AuditEvent.ActorKind.SYSTEM, name)

    @classmethod
    def client(cls, client_id: UUID | str) -> "Actor":
        return cls(AuditEvent.ActorKind.CLIENT, str(client_id))


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The end of a chain: its name, how many lines it has, the hash of the last."""

    name: str
    seq: int = 0
    head: str = ""


def record(
    *,
    clinic_id: UUID | str,
    kind: str,
    by: Actor,
    at: datetime,
    object_type: str,
    object_id: UUID | str,
    detail: Detail | None = None,
) -> AuditEvent:
    """Adds a line to the clinic's chain, inside the transaction of what it records."""
    return record_in(
        f"clinic:{clinic_id}",
        kind=kind,
        by=by,
        at=at,
        object_type=object_type,
        object_id=object_id,
        detail=detail,
    )


def record_all(
    *,
    clinic_id: UUID | str,
    kind: str,
    by: Actor,
    at: datetime,
    object_type: str,
    object_ids: Iterable[UUID],
    detail: Detail | None = None,
) -> None:
    """Adds a line for each of these to the clinic's chain, locking it once."""
    row = _locked_chain(f"clinic:{clinic_id}")
    link, events = ChainLink(row.name, row.seq, row.head), []
    for object_id in object_ids:
        event = _made(
            link,
            kind=kind,
            by=by,
            at=at,
            object_type=object_type,
            object_id=str(object_id),
            detail=dict(detail or {}),
        )
        link = ChainLink(link.name, event.seq, event.hash)
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    row.seq, row.head = link.seq, link.head
    row.save(update_fields=["seq", "head"])


def record_in(
    chain: str,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    object_type: str,
    object_id: UUID | str,
    detail: Detail | None = None,
) -> AuditEvent:
    """Adds a line to a chain of its own, for what belongs to no clinic."""
    row = _locked_chain(chain)
    event = _insert(
        ChainLink(row.name, row.seq, row.head),
        kind=kind,
        by=by,
        at=at,
        object_type=object_type,
        object_id=str(object_id),
        detail=dict(detail or {}),
    )
    row.seq, row.head = event.seq, event.hash
    row.save(update_fields=["seq", "head"])
    return event


def _locked_chain(chain: str) -> AuditChain:
    if not connection.in_atomic_block:
        raise RuntimeError("An audit line is written in the transaction of its cause.")
    AuditChain.objects.get_or_create(name=chain)
    return AuditChain.objects.select_for_update().get(name=chain)


def append(
    link: ChainLink,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    object_type: str,
    object_id: UUID | str,
    detail: Detail | None = None,
) -> ChainLink:
    """Adds a line to a chain whose end the caller keeps in a row it has locked."""
    event = _insert(
        link,
        kind=kind,
        by=by,
        at=at,
        object_type=object_type,
        object_id=str(object_id),
        detail=dict(detail or {}),
    )
    return ChainLink(link.name, event.seq, event.hash)


def line_hash(event: AuditEvent) -> str:
    """What the line says, together with the hash of the line before."""
    content = [
        event.prev_hash,
        str(event.id),
        event.chain,
        event.seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.kind,
        str(event.actor_kind),
        event.actor_id,
        event.object_type,
        event.object_id,
        event.detail,
    ]
    return digest(content)


def digest(content: Any) -> str:
    """SHA-256 over one canonical way to write the content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _insert(link: ChainLink, **what: Any) -> AuditEvent:
    event = _made(link, **what)
    event.save(force_insert=True)
    return event


def _made(
    link: ChainLink, *, by: Actor, detail: dict[str, Any], **what: Any
) -> AuditEvent:
    _check_exact(detail)
    event = AuditEvent(
        chain=link.name,
        seq=link.seq + 1,
        prev_hash=link.head,
        actor_kind=by.kind,
        actor_id=by.id,
        detail=detail,
        **what,
    )
    event.hash = line_hash(event)
    return event


def _check_exact(value: Any) -> None:
    """Refuses what a database may write back differently: the hash would not hold."""
    match value:
        case None | bool() | int() | str():
            return
        case list() | tuple():
            for part in value:
                _check_exact(part)
        case dict():
            for key, part in value.items():
                if not isinstance(key, str):
                    raise TypeError("Audit details are keyed by text.")
                _check_exact(part)
        case _:
            raise TypeError(f"An audit detail cannot be a {type(value).__name__}.")
