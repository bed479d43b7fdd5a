"""The rows of bulk exports: asked for, claimed by one worker, gone on with, ended."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from core import audit
from core.audit import Actor
from records.definitions import delivery_policy
from records.models import ApiClient, Export, ExportFile

# One client's open exports, and how often in a row a worker may die over one page.
MOST_OPEN, MOST_FAILURES = 3, 5
OPEN = (Export.State.ASKED, Export.State.RUNNING)
UNDER_WAY = (
    "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class TooMany(Exception):
    """This client has enough exports under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a client asked for, once it was read and allowed."""

    level: str
    types: Sequence[str]
    request: str
    since: datetime | None = None
    patients: Sequence[str] = ()


@transaction.atomic
def ask(*, client: ApiClient, wanted: Ask, at: datetime) -> Export:
    """Take an export down; raises TooMany.

    Its transaction time lies a little behind the oldest transaction under way: what is
    stamped before that is committed, and read; all else is for the next one, too.
    """
    row = ApiClient.objects.select_for_update().get(id=client.id)
    if Export.objects.filter(client=row, state__in=OPEN).count() >= MOST_OPEN:
        raise TooMany
    made = Export.objects.create(
        clinic_id=row.clinic_id,
        client=row,
        level=wanted.level,
        types=list(wanted.types),
        patients=list(wanted.patients),
        since_at=wanted.since,
        until_at=min(at, _under_way_since() or at)
        - timedelta(seconds=delivery_policy().export_behind),
        request=wanted.request,
        next_at=at,
        created_at=at,
    )
    _note(made, "EXPORT_ASKED", by=Actor.client(row.id), at=at)
    return made


def _under_way_since() -> datetime | None:
    """When the oldest transaction began that may still commit what it has stamped.

    SQLite has one writer, who waits for less than an export lies back in any case.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY)
        began: datetime | None = cursor.fetchone()[0]
    return began


def claim_export(*, at: datetime) -> Export | None:
    """Return the next export that this process now has to make."""
    due = Export.objects.filter(state__in=OPEN, next_at__lte=at)
    lease = timedelta(seconds=delivery_policy().export_lease)
    for row in due.select_related("clinic").order_by("next_at", "id")[:5]:
        if _claim(row, until=at + lease):
            return row
    return None


def _claim(row: Export, *, until: datetime) -> bool:
    # Its worker may have kept a page since the row was read: then it goes on with it.
    mine = Export.objects.filter(
        id=row.id, claims=row.claims, next_at=row.next_at, state__in=OPEN
    )
    changed = mine.update(
        state=Export.State.RUNNING,
        next_at=until,
        claims=F("claims") + 1,
        # Taken back with the next page that is kept.
        failures=F("failures") + 1,
    )
    row.claims += changed
    row.state = Export.State.RUNNING
    return changed == 1


@transaction.atomic
def keep(
    *,
    export: Export,
    cursor: Mapping[str, Any],
    written: Mapping[str, tuple[int, int]],
    more: int,
    at: datetime,
) -> bool:
    """Keep how far it has come: by type, bytes and lines of this worker's files.

    Returns False if it is no longer this worker's: cancelled, or taken over.
    """
    lease = timedelta(seconds=delivery_policy().export_lease)
    mine = _mine(export).update(
        cursor=dict(cursor),
        done=F("done") + more,
        next_at=at + lease,
        failures=0,
    )
    if not mine:
        return False
    for resource, (size, count) in written.items():
        ExportFile.objects.update_or_create(
            export=export,
            resource=resource,
            part=export.claims,
            defaults={"size": size, "count": count},
        )
    export.cursor = dict(cursor)
    return True


def hold(*, export: Export, at: datetime) -> None:
    """Have it to oneself for as long again: what is done next may take long."""
    lease = timedelta(seconds=delivery_policy().export_lease)
    _mine(export).update(next_at=at + lease)


def put_down(*, export: Export, at: datetime) -> None:
    """Let somebody go on with it at once: there is other work, too."""
    _mine(export).update(next_at=at)


@transaction.atomic
def begin(*, export: Export, total: int) -> None:
    """Keep how many rows there are to go through, for whoever asks how far it is."""
    _mine(export).update(total=total)


@transaction.atomic
def finish(*, export: Export, at: datetime) -> None:
    """All of it is written; it is kept for a while."""
    kept = at + timedelta(seconds=delivery_policy().export_kept)
    if _mine(export).update(
        state=Export.State.DONE, next_at=kept, expires_at=kept, settled_at=at
    ):
        _note(export, "EXPORT_DONE", by=Actor.system("deliver"), at=at)


@transaction.atomic
def fail(*, export: Export, sentence: str, at: datetime) -> None:
    """It cannot be made; whoever asks hears why."""
    if _mine(export).update(
        state=Export.State.FAILED, next_at=at, settled_at=at, error=sentence[:200]
    ):
        _note(export, "EXPORT_FAILED", by=Actor.system("deliver"), at=at)


@transaction.atomic
def cancel(*, export: Export, at: datetime) -> bool:
    """Stop it, or forget what was made; False if that was done before.

    A worker that is writing notices when it stores; its files go after that. Those of
    one that is made go at once.
    """
    there = Export.objects.filter(id=export.id)
    gone = {"state": Export.State.CANCELLED, "settled_at": at}
    lease = timedelta(seconds=delivery_policy().export_lease)
    made = there.filter(state=Export.State.DONE).update(**gone, next_at=at)
    if not made and not there.filter(state__in=OPEN).update(**gone, next_at=at + lease):
        return False
    _note(export, "EXPORT_CANCELLED", by=Actor.client(export.client_id), at=at)
    return True


def to_be_cleared(*, at: datetime) -> list[Export]:
    """Exports whose files have to go now."""
    return list(Export.objects.exclude(state__in=OPEN).filter(next_at__lte=at)[:20])


def clear_later(*, export: Export, at: datetime) -> None:
    """Its files could not be taken away now."""
    lease = timedelta(seconds=delivery_policy().export_lease)
    rows = Export.objects.filter(id=export.id).exclude(state__in=OPEN)
    rows.update(next_at=at + lease)


@transaction.atomic
def cleared(*, export: Export, at: datetime) -> None:
    """Its files are gone; one that was whole until now has expired."""
    rows = Export.objects.filter(id=export.id)
    if rows.filter(state=Export.State.DONE).update(state=Export.State.EXPIRED):
        _note(export, "EXPORT_EXPIRED", by=Actor.system("deliver"), at=at)
    rows.exclude(state__in=OPEN).update(next_at=None)


@transaction.atomic
def note_download(*, export: Export, file_id: uuid.UUID, at: datetime) -> None:
    """Write down which file a client took, before it gets it."""
    by = Actor.client(export.client_id)
    _note(export, "EXPORT_READ", by=by, at=at, detail={"file": str(file_id)})


def _mine(export: Export) -> Any:
    return Export.objects.filter(
        id=export.id, claims=export.claims, state=Export.State.RUNNING
    )


def _note(
    export: Export,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        clinic_id=export.clinic_id,
        kind=kind,
        by=by,
        at=at,
        object_type="Export",
        object_id=export.id,
        detail={"level": export.level, "types": list(export.types), **(detail or {})},
    )
