"""One thing is taken in once, however often it is sent."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core import audit
from core.audit import Actor
from core.models import Clinic
from records.models import ApiClient, Received


class SentBefore(Exception):
    """Something else was sent under this key before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What makes one thing that is sent one thing: its key, and what it says.

    `before`: what the same would be, said of a record that was merged since.
    """

    key_hash: str
    digest: str
    before: Sequence[str] = ()

    @property
    def digests(self) -> tuple[str, ...]:
        return (self.digest, *self.before)


@dataclass(frozen=True, slots=True)
class Taken:
    """What it became; `new` is false where it had come before."""

    object_id: uuid.UUID
    new: bool


def find_received(*, clinic: Clinic, kind: str, key: Key) -> Taken | None:
    """What this became, if it came before. Raises SentBefore for another content.

    Answers are known by what they say, too: sent once with a name and once without, or
    under two names, they are one patient's answers of one moment all the same.
    """
    rows = Received.objects.filter(clinic=clinic, kind=kind)
    row = rows.filter(key_hash=key.key_hash).first()
    if row is None and kind == Received.Kind.RESPONSE:
        row = rows.filter(digest__in=key.digests).first()
    if row is None:
        return None
    if row.digest not in key.digests:
        raise SentBefore
    return Taken(row.object_id, new=False)


def find_by_key(*, clinic: Clinic, kind: str, key_hash: str) -> uuid.UUID | None:
    """What came under this key, whatever it said: for a conditional create."""
    rows = Received.objects.filter(clinic=clinic, kind=kind, key_hash=key_hash)
    return rows.values_list("object_id", flat=True).first()


def once(client: ApiClient, kind: str, key: Key, store: Any, *, at: datetime) -> Taken:
    """What `store` makes, or what it made when the same came before."""
    before = find_received(clinic=client.clinic, kind=kind, key=key)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            made = store()
            Received.objects.create(
                clinic=client.clinic,
                client=client,
                kind=kind,
                key_hash=key.key_hash,
                digest=key.digest,
                object_id=made,
                at=at,
            )
            return Taken(made, new=True)
    except IntegrityError:
        before = find_received(clinic=client.clinic, kind=kind, key=key)
        if before is None:
            raise
        return before


def note(
    client: ApiClient,
    kind: str,
    object_id: uuid.UUID,
    object_type: str,
    *,
    at: datetime,
) -> None:
    """Put on record what a program had done."""
    audit.record(
        clinic_id=client.clinic_id,
        kind=kind,
        by=Actor.client(client.id),
        at=at,
        object_type=object_type,
        object_id=object_id,
        detail={"client": str(client.id)},
    )
