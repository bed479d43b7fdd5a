"""How the queue is shown, read from its data file as strictly as any definition."""

from dataclasses import dataclass

from screening.domain.reading import Reader, read_review

# Whoever pressed too soon has to see it, and to reach the button.
LEAST_UNDO_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    """The queue's data file, read."""

    version: str
    page: int
    closed_days: int
    bulk_most: int
    bulk_disposition: str
    undo_seconds: int


def build_queue_policy(data: object, *, file: str) -> QueuePolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "page", "closed_days"),
        *("bulk_most", "bulk_disposition", "undo_seconds"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    for key in ("page", "closed_days", "bulk_most"):
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    if reader.integer("undo_seconds") < LEAST_UNDO_SECONDS:
        raise reader.refusal(f"must be at least {LEAST_UNDO_SECONDS}", "undo_seconds")
    return QueuePolicy(
        version=reader.text("version"),
        page=reader.integer("page"),
        closed_days=reader.integer("closed_days"),
        bulk_most=reader.integer("bulk_most"),
        bulk_disposition=reader.text("bulk_disposition"),
        undo_seconds=reader.integer("undo_seconds"),
    )
