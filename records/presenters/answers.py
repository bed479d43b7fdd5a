"""The answers that count, and which of them were put right after the submit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from records.presenters.sheets import Given
from screening.models import Answer

# What is kept from a short form was given there by the patient: nobody else has steps.
BY_PATIENT = (Answer.Origin.TAPPED, Answer.Origin.CONFIRMED, Answer.Origin.KEPT)


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer that counts for one item.

    `first` and `origin` are those of the answer as it was submitted; the origin is
    empty where an amendment gave the item its first answer.
    """

    value: int | None
    first: int | None
    origin: str
    revision: int = 1
    amended_at: datetime | None = None
    asked_as: UUID | None = None


def in_force(
    answers: Iterable[Given], at: datetime | None = None
) -> dict[str, Standing]:
    """Return the answer to each item that counts now, or counted at that moment."""
    found: dict[str, Standing] = {}
    for one in answers:
        if at is not None and one.amended_at is not None and one.amended_at > at:
            continue
        before = found.get(one.link_id)
        if one.amended_at is None:
            found[one.link_id] = Standing(
                one.value, one.value, one.origin, asked_as=one.asked_as
            )
        elif before is None:
            # Submitted without an answer: that was its first version.
            found[one.link_id] = Standing(one.value, None, "", 2, one.amended_at)
        else:
            found[one.link_id] = replace(
                before,
                value=one.value,
                revision=before.revision + 1,
                amended_at=one.amended_at,
                # Whoever put it right did so in the form's own words.
                asked_as=None,
            )
    return found


def as_submitted(answers: Mapping[str, Standing]) -> dict[str, int | None]:
    """Return the values as they were before any amendment."""
    return {link: one.first for link, one in answers.items() if one.origin}


def self_reported(answers: Iterable[Standing]) -> bool:
    """Return whether every answer was the patient's own, as they were submitted."""
    origins = [answer.origin for answer in answers if answer.origin]
    return bool(origins) and all(origin in BY_PATIENT for origin in origins)
