"""How the queue is shown, read from its data file as strictly as any definition."""

from dataclasses import dataclass

from screening.domain.reading import Reader, read_review


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    """The queue's data file, read."""

    version: str
    page: int
    closed_days: int


def build_queue_policy(data: object, *, file: str) -> QueuePolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "page", "closed_days"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    for key in ("page", "closed_days"):
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    return QueuePolicy(
        version=reader.text("version"),
        page=reader.integer("page"),
        closed_days=reader.integer("closed_days"),
    )
