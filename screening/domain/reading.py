"""Strict reading of definition data: what is unknown, missing or odd is refused."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

Read = TypeVar("Read")

TRANSCRIBED = "transcribed and checked by program, not yet reviewed by a clinician"
WRITTEN = "written by the project, not yet reviewed by a clinician"
PROPOSED = "proposed, for your clinical lead to confirm"
REVIEWED = "reviewed by a clinician"
REVIEW_STATES = (TRANSCRIBED, WRITTEN, PROPOSED, REVIEWED)


class DefinitionError(ValueError):
    """A definition file that cannot be used safely: which file, where, and why."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}: {reason}")
        self.file = file
        self.place = place
        self.reason = reason


class Reader:
    """One JSON object, read key by key; every refusal names file and place."""

    def __init__(self, data: object, file: str, place: str = "") -> None:
        self.file = file
        self.place = place
        if not isinstance(data, Mapping):
            raise self.refusal("must be an object")
        self.data: Mapping[str, Any] = data

    def refusal(self, reason: str, key: str = "") -> DefinitionError:
        """The error to raise for `key` of this object, or for all of it."""
        place = ".".join(part for part in (self.place, key) if part)
        return DefinitionError(self.file, place or "top", reason)

    def only(self, *keys: str) -> None:
        """Refuse keys we do not know and demand those we do (null says "none")."""
        for key in self.data:
            if key not in keys:
                raise self.refusal("unknown key", str(key))
        for key in keys:
            if key not in self.data:
                raise self.refusal("missing; write null if there is none", key)

    def text(self, key: str) -> str:
        value = self.data[key]
        if not isinstance(value, str) or not value.strip():
            raise self.refusal("must be text that is not empty", key)
        return value

    def maybe_text(self, key: str) -> str | None:
        return None if self.data[key] is None else self.text(key)

    def integer(self, key: str) -> int:
        value = self.data[key]
        if type(value) is not int:
            raise self.refusal("must be a whole number", key)
        return value

    def maybe_share(self, key: str) -> float | None:
        """A proportion such as a sensitivity: between 0 and 1, or null."""
        value = self.data[key]
        if value is None:
            return None
        if not isinstance(value, float) or not 0 < value < 1:
            raise self.refusal("must be a number between 0 and 1, or null", key)
        return value

    def truth(self, key: str) -> bool:
        value = self.data[key]
        if not isinstance(value, bool):
            raise self.refusal("must be true or false", key)
        return value

    def listing(self, key: str) -> list[Any]:
        value = self.data[key]
        if not isinstance(value, list):
            raise self.refusal("must be a list", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.listing(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.refusal("must be a list of texts that are not empty", key)
        return tuple(values)

    def sources(self, key: str = "sources") -> tuple[str, ...]:
        """Where this comes from: at least one source."""
        values = self.texts(key)
        if not values:
            raise self.refusal("needs at least one source", key)
        return values

    def child(self, key: str) -> "Reader":
        return Reader(self.data[key], self.file, self._within(key))

    def maybe(self, key: str, read: Callable[["Reader"], Read]) -> Read | None:
        """What `read` makes of the object under `key`, None for null."""
        return None if self.data[key] is None else read(self.child(key))

    def children(self, key: str) -> Iterator["Reader"]:
        for index, value in enumerate(self.listing(key)):
            yield Reader(value, self.file, self._within(f"{key}[{index}]"))

    def _within(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def read_review(reader: Reader) -> tuple[str, str | None, str | None]:
    """Review state, reviewer and date; a review counts only with both of these."""
    state = reader.text("review_state")
    if state not in REVIEW_STATES:
        raise reader.refusal(
            f"is not one of: {'; '.join(REVIEW_STATES)}", "review_state"
        )
    by = reader.maybe_text("reviewed_by")
    on = reader.maybe_text("reviewed_on")
    reviewed = state == REVIEWED
    if (by is not None) != reviewed or (on is not None) != reviewed:
        reason = f'a reviewer and a date belong to "{REVIEWED}", and only to it'
        raise reader.refusal(reason, "reviewed_by")
    if on is not None:
        read_date(reader, "reviewed_on")
    return state, by, on


def read_date(reader: Reader, key: str) -> date:
    """A date written as 2026-11-22."""
    try:
        return date.fromisoformat(reader.text(key))
    except ValueError as error:
        raise reader.refusal("must be a date such as 2026-11-22", key) from error
