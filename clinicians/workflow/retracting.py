"""Why a screening may be marked as entered in error: the reasons, from their data file."""

from dataclasses import dataclass

from screening.domain.reading import Reader, read_review


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractReasons:
    """The reasons in their order, id to label; `noted`: those that need more words."""

    version: str
    labels: dict[str, str]
    noted: frozenset[str]


def build_retract_reasons(data: object, *, file: str) -> RetractReasons:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "reasons"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    rows = list(reader.children("reasons"))
    for row in rows:
        row.only("id", "label", "note")
    labels = {row.text("id"): row.text("label") for row in rows}
    if not labels or len(labels) != len(rows):
        raise reader.refusal("needs reasons, each with an id of its own", "reasons")
    return RetractReasons(
        version=reader.text("version"),
        labels=labels,
        noted=frozenset(row.text("id") for row in rows if row.truth("note")),
    )
