"""Proves the log: every chain holds, ends where its owner says, and matches the days.

A chain alone cannot show that its tail was cut off. Two things can: the row that
keeps the end of the chain, and the daily head, which names the end of every chain
that moved and is itself chained (print it, mail it, keep it elsewhere).

People work while this reads. A line and its owner's end are committed together, so
owners are read first: their lines must then be there. Lines beyond that end are
looked at again with the owner as it is by then.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Model, OuterRef, QuerySet, Subquery

from core.audit.lines import ChainLink, digest, line_hash
from core.models import AuditChain, AuditEvent, AuditHead

# A line is stamped before its transaction commits; look back further than that.
_OVERLAP = timedelta(hours=1)


def verify(chain: str, *, ends_at: ChainLink | None = None) -> list[str]:
    """The faults of one chain, in sentences; no fault is an empty list."""
    events = AuditEvent.objects.filter(chain=chain).order_by("seq")
    owner = ends_at or next(_owned(AuditChain.objects.filter(name=chain)), None)
    return _faults(chain, events.iterator(), owner)


def verify_clinic(clinic_id: UUID | str) -> list[str]:
    """The faults of a clinic's own chain, with what the daily heads say of it."""
    chain = f"clinic:{clinic_id}"
    return verify(chain) + verify_heads(only=chain)


def verify_all() -> list[str]:
    """The faults of every chain and every daily head."""
    owners = {link.name: link for link in _all_owned()}
    faults: list[str] = []
    events = AuditEvent.objects.order_by("chain", "seq").iterator(chunk_size=2000)
    for chain, lines in groupby(events, key=attrgetter("chain")):
        faults += _faults(chain, lines, owners.pop(chain, None))
    for link in owners.values():
        if link.seq:
            faults.append(f"{link.name}: its lines are missing.")
    return faults + verify_heads()


def close_day(at: datetime) -> AuditHead:
    """Writes the day's head, once; a second call returns the first one's row."""
    try:
        return _closed(at) or _close(at)
    except IntegrityError:
        # Another loop closed it in this very moment.
        closed = _closed(at)
        if closed is None:
            raise
        return closed


def _closed(at: datetime) -> AuditHead | None:
    return AuditHead.objects.filter(day=at.date()).first()


@transaction.atomic
def _close(at: datetime) -> AuditHead:
    last = AuditHead.objects.order_by("-day").first()
    links = _moved_since(last.at - _OVERLAP if last else None)
    previous = last.hash if last else ""
    return AuditHead.objects.create(
        day=at.date(),
        at=at,
        chain_count=len(links),
        links=links,
        prev_hash=previous,
        hash=digest([previous, at.date().isoformat(), links]),
    )


def verify_heads(*, only: str | None = None) -> list[str]:
    """The faults of the daily heads; of the lines they name all, or one chain's."""
    faults: list[str] = []
    previous = ""
    for head in AuditHead.objects.order_by("day"):
        content = [head.prev_hash, head.day.isoformat(), head.links]
        if head.prev_hash != previous or head.hash != digest(content):
            faults.append(f"{head.day}: the daily head does not follow the one before.")
        faults += _missing_lines(head, only)
        previous = head.hash
    return faults


def _faults(
    chain: str, lines: Iterable[AuditEvent], owner: ChainLink | None
) -> list[str]:
    faults: list[str] = []
    seq, head = 0, ""
    for line in lines:
        if line.seq != seq + 1:
            faults.append(f"{chain}: line {seq + 1} is missing.")
        if line.prev_hash != head:
            faults.append(f"{chain}: line {line.seq} does not follow the one before.")
        if line.hash != line_hash(line):
            faults.append(f"{chain}: line {line.seq} was changed.")
        seq, head = line.seq, line.hash
    return faults + _end_faults(chain, (seq, head), owner)


def _end_faults(chain: str, end: tuple[int, str], owner: ChainLink | None) -> list[str]:
    """What is wrong between the last line read and where the owner says it ends."""
    seq, head = end
    if owner is not None and seq > owner.seq:
        owner = _owner_now(chain) or owner
        if owner.seq > seq:
            # It grew after the lines were read: its end must be there by now.
            seq, head = _line_at(chain, owner.seq) or (seq, head)
    if owner is None or (owner.seq, owner.head) == (seq, head):
        return []
    return [f"{chain}: ends at line {seq}, its owner says {owner.seq}."]


def _line_at(chain: str, seq: int) -> tuple[int, str] | None:
    lines = AuditEvent.objects.filter(chain=chain, seq=seq)
    return lines.values_list("seq", "hash").first()


def _moved_since(start: datetime | None) -> dict[str, list[int | str]]:
    events = AuditEvent.objects.all()
    if start:
        events = events.filter(at__gte=start)
    last = (
        AuditEvent.objects.filter(chain=OuterRef("chain"))
        .order_by("-seq")
        .values("seq")[:1]
    )
    ends = (
        events.annotate(last=Subquery(last))
        .filter(seq=F("last"))
        .values_list("chain", "seq", "hash")
    )
    return {chain: [seq, line] for chain, seq, line in ends.order_by("chain")}


def _missing_lines(head: AuditHead, only: str | None) -> list[str]:
    faults: list[str] = []
    chains = [name for name in head.links if only in (None, name)]
    for start in range(0, len(chains), 500):
        part = chains[start : start + 500]
        wanted = {(name, *head.links[name]) for name in part}
        seqs = {head.links[name][0] for name in part}
        found = set(
            AuditEvent.objects.filter(chain__in=part, seq__in=seqs).values_list(
                "chain", "seq", "hash"
            )
        )
        faults += [
            f"{head.day}: line {seq} of {name} is not what it was that day."
            for name, seq, _hash in sorted(wanted - found)
        ]
    return faults


def _all_owned() -> Iterator[ChainLink]:
    """The ends that rows keep: ours, and any model with audit_seq and audit_head."""
    yield from _owned(AuditChain.objects.all())
    for model in _owners():
        yield from _kept_by(model, model._default_manager.all())


def _owner_now(chain: str) -> ChainLink | None:
    """Where a chain ends by now."""
    kind, _, pk = chain.partition(":")
    for model in _owners():
        if model._meta.model_name == kind:
            with suppress(ValidationError):  # no row could have such a key
                return next(_kept_by(model, model._default_manager.filter(pk=pk)), None)
    return next(_owned(AuditChain.objects.filter(name=chain)), None)


def _owners() -> Iterator[type[Model]]:
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        if {"audit_seq", "audit_head"} <= names:
            yield model


def _kept_by(model: type[Model], rows: QuerySet[Model]) -> Iterator[ChainLink]:
    ends = rows.values_list("pk", "audit_seq", "audit_head")
    for pk, seq, head in ends.iterator():
        yield ChainLink(f"{model._meta.model_name}:{pk}", seq, head)


def _owned(chains: Iterable[AuditChain]) -> Iterator[ChainLink]:
    for chain in chains:
        yield ChainLink(chain.name, chain.seq, chain.head)
