"""The rules of patients' records: their states, and when two of them become one."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from screening.domain.reading import Reader, read_review

Id = TypeVar("Id", bound=Hashable)


class RecordState(StrEnum):
    """As stored; a merged record is read through the one that stays."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    DECEASED = "DECEASED"
    MERGED = "MERGED"


# What a person may choose; the way back to ACTIVE is an undoing, by a supervisor.
CHANGES = {
    RecordState.ACTIVE: (RecordState.INACTIVE, RecordState.DECEASED),
    RecordState.INACTIVE: (RecordState.DECEASED,),
    RecordState.DECEASED: (),
    RecordState.MERGED: (),
}


class StateRefused(ValueError):
    """The record cannot be set so; the sentence says why."""


class MergeRefused(ValueError):
    """These two records cannot be merged or parted; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsPolicy:
    """The data file, read: reasons by id, and how alike is alike."""

    version: str
    page: int
    scan: int
    likeness: int
    column_names: Mapping[str, tuple[str, ...]]
    language_names: Mapping[str, tuple[str, ...]]
    inactive: Mapping[str, str]
    deceased: Mapping[str, str]

    def reasons(self, state: RecordState) -> Mapping[str, str]:
        """Why a record may be set so."""
        return self.deceased if state is RecordState.DECEASED else self.inactive


def build_records_policy(data: object, *, file: str) -> RecordsPolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "page", "scan", "likeness"),
        *("column_names", "language_names", "inactive", "deceased"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    for key in ("page", "scan", "likeness"):
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    if reader.integer("likeness") > 100:
        raise reader.refusal("must be at most 100", "likeness")
    return RecordsPolicy(
        version=reader.text("version"),
        page=reader.integer("page"),
        scan=reader.integer("scan"),
        likeness=reader.integer("likeness"),
        column_names=_names(reader, "column_names"),
        language_names=_names(reader, "language_names"),
        inactive=_reasons(reader, "inactive"),
        deceased=_reasons(reader, "deceased"),
    )


def _names(reader: Reader, key: str) -> dict[str, tuple[str, ...]]:
    """What else something is called; nothing may mean two things."""
    child = reader.child(key)
    names = {name: child.sources(name) for name in child.data}
    words = [word for others in names.values() for word in others]
    if len(set(words)) != len(words) or set(words) & set(names):
        raise reader.refusal("the same word twice", key)
    return names


def _reasons(reader: Reader, key: str) -> dict[str, str]:
    rows = list(reader.children(key))
    for row in rows:
        row.only("id", "label")
    labels = {row.text("id"): row.text("label") for row in rows}
    if not labels or len(labels) != len(rows):
        raise reader.refusal("needs reasons, each with an id of its own", key)
    return labels


def check_state(before: RecordState, after: RecordState) -> None:
    """Raise StateRefused unless a record may be set so."""
    if before is RecordState.MERGED:
        raise StateRefused("This record was merged. Change the one that stays.")
    if after not in CHANGES[before]:
        raise StateRefused(
            f"This record is {before.lower()} already. A supervisor can undo that."
        )


def check_restore(before: RecordState) -> None:
    """Raise StateRefused unless there is something to undo."""
    if before not in (RecordState.INACTIVE, RecordState.DECEASED):
        raise StateRefused("This record is neither inactive nor deceased.")


def check_merge(kept: RecordState, gone: RecordState) -> None:
    """Raise MergeRefused unless a record in state `gone` may go into `kept`."""
    if RecordState.MERGED in (kept, gone):
        raise MergeRefused(
            "One of these records was merged meanwhile. Look at them again."
        )
    if RecordState.DECEASED in (kept, gone) and kept is not gone:
        raise MergeRefused(
            "Only one of these records says that the patient has died. "
            "Make sure, and set both alike before you merge them."
        )
    if kept is RecordState.INACTIVE and gone is RecordState.ACTIVE:
        raise MergeRefused(
            "The record to keep is inactive and the other is not. Keep the active one."
        )


def roots(links: Mapping[Id, Id]) -> dict[Id, Id]:
    """Return for each merged record the one that stays, however many steps away.

    `links`: each merged record with the one it was merged into. Raises MergeRefused
    where they lead round in a circle.
    """
    found: dict[Id, Id] = {}
    for start in links:
        seen, at = {start}, links[start]
        while at in links:
            if at in seen:
                raise MergeRefused("A record cannot be merged into itself.")
            seen.add(at)
            at = links[at]
        found[start] = at
    return found
