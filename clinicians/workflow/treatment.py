"""What may be marked on a patient's course: the kinds, read from their data file."""

from dataclasses import dataclass

from screening.domain.reading import Reader, read_review


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentKinds:
    """The kinds that may be chosen, in their order: id to label."""

    version: str
    labels: dict[str, str]

    def label(self, kind: str) -> str:
        """The words for a kind; an id that is no longer offered stands for itself."""
        return self.labels.get(kind, kind)


def build_treatment_kinds(data: object, *, file: str) -> TreatmentKinds:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "kinds"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    read_review(reader)
    kinds = list(reader.children("kinds"))
    for kind in kinds:
        kind.only("id", "label")
    labels = {kind.text("id"): kind.text("label") for kind in kinds}
    if not labels:
        raise reader.refusal("needs at least one", "kinds")
    if len(labels) != len(kinds):
        raise reader.refusal("the same id twice", "kinds")
    return TreatmentKinds(version=reader.text("version"), labels=labels)
