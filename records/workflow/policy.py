"""The figures of delivering, as the data file has them."""

from dataclasses import dataclass, fields

from screening.domain.reading import Reader, read_review


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """Seconds, except `tries` (before a person has to look) and what counts rows.

    `lease`: how long one worker has a delivery to itself; longer than `deadline`,
    which is all that a receiver gets for one. `overlap`: how far back results are
    looked through again, for what was committed late. `export_behind`: how far in
    the past an export says that it ends, for the same reason.
    """

    lease: int
    deadline: int
    first_wait: int
    longest_wait: int
    tries: int
    batch: int
    overlap: int
    export_lease: int
    export_kept: int
    export_page: int
    export_behind: int


def build_delivery_policy(data: object, *, file: str) -> DeliveryPolicy:
    """Read the file strictly; raises DefinitionError."""
    names = [field.name for field in fields(DeliveryPolicy)]
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", *names),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    read_review(reader)
    reader.text("version")
    reader.text("about")
    reader.sources()
    values = {name: reader.integer(name) for name in names}
    for name, value in values.items():
        if value < 1:
            raise reader.refusal("must be at least 1", name)
    if values["lease"] < 2 * values["deadline"]:
        raise reader.refusal(
            "must be twice the deadline: two would send at once", "lease"
        )
    if values["longest_wait"] < values["first_wait"]:
        raise reader.refusal("must not be shorter than the first wait", "longest_wait")
    return DeliveryPolicy(**values)
