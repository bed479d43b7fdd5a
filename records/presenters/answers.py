"""The answers that count, and which of them were put right after the submit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from screening.models import Administration, Answer

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


def in_force(row: Administration) -> dict[str, Standing]:
    """Return the latest answer to each item; what came before stays in our history."""
    columns = ("link_id", "value", "origin", "amendment__at")
    found: dict[str, Standing] = {}
    for link_id, value, origin, at in row.answers.order_by("seq").values_list(*columns):
        before = found.get(link_id)
        if at is None:
            found[link_id] = Standing(value, value, origin)
        elif before is None:
            # Submitted without an answer: that was its first version.
            found[link_id] = Standing(value, None, "", 2, at)
        else:
            revision = before.revision + 1
            found[link_id] = replace(
                before, value=value, revision=revision, amended_at=at
            )
    return found


def as_submitted(answers: Mapping[str, Standing]) -> dict[str, int | None]:
    """Return the values as they were before any amendment."""
    return {link: one.first for link, one in answers.items() if one.origin}


def self_reported(answers: Iterable[Standing]) -> bool:
    """Return whether every answer was the patient's own, as they were submitted."""
    origins = [answer.origin for answer in answers if answer.origin]
    return bool(origins) and all(origin in BY_PATIENT for origin in origins)
