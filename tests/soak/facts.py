"""What a soak knows in the end: what clients were told, what the rows say, what arrived.

Plain values, written to JSON and read back, so that the judge needs no database.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One post of a patient's browser to a question, and whether it was told "taken"."""

    screening: str
    key: str
    link_id: str
    choice: str
    words: str
    succeeded: bool


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message that a receiver took."""

    channel: str
    to: str
    keys: list[str]
    identity: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """A committed answer with the key of its turn."""

    screening: str
    key: str
    link_id: str
    value: int | None
    declined: bool


@dataclass(frozen=True, kw_only=True)
class TurnRow:
    """A committed turn."""

    screening: str
    key: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class FlagRow:
    """A flag and the case that it is on."""

    screening: str
    episode: str
    rule: str
    key: str
    tier: str
    raised_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event of a case."""

    kind: str
    code: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EpisodeRow:
    """A case as it stands in the end, with all that happened to it."""

    id: str
    status: str
    tier: str
    opened_at: datetime
    events: list[EventRow]


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """One message owed, and what became of it."""

    key: str
    episode: str
    round: int
    step: str
    channel: str
    recipient: str
    created_at: datetime
    attempts: int
    sent: bool
    stopped: bool
    failed: bool
    owed: bool


@dataclass(frozen=True, kw_only=True)
class Rests:
    """How many minutes a case of one tier may wait for what."""

    acknowledged: int
    in_progress: int
    to_confirm: int
    step: int
    repeat: int


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What the database says."""

    turns: list[TurnRow]
    answers: list[AnswerRow]
    flags: list[FlagRow]
    episodes: list[EpisodeRow]
    notices: list[NoticeRow]
    screenings: dict[str, str]
    rests: dict[str, Rests]
    told: dict[str, int]
    gone: str
    secrets: list[str]
    audit_faults: list[str]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that the judge is given."""

    posted: list[Posted]
    rows: Rows
    deliveries: list[Delivery]
    jumps: list[tuple[datetime, datetime]] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


T = TypeVar("T")


def read(kind: type[T], given: Mapping[str, Any]) -> T:
    """Build one of these from what JSON made of it."""
    hints = typing.get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in given.items()})


def _value(hint: Any, value: Any) -> Any:
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is list:
        return [_value(inner[0], one) for one in value]
    if typing.get_origin(hint) is dict:
        return {key: _value(inner[1], one) for key, one in value.items()}
    if isinstance(hint, types.UnionType):
        return value
    if dataclasses.is_dataclass(hint):
        return read(typing.cast("type[Any]", hint), value)
    return datetime.fromisoformat(value) if hint is datetime else value
