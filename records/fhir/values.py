"""What one finished administration is, in the words the record needs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A code in a system; `display` only where it is that system's own wording."""

    system: str
    code: str
    display: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A code with the words a person reads."""

    coding: Coding
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An option as it was shown and picked; only scored options carry a weight."""

    concept: Concept
    ordinal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item that was in view, with the answer in force.

    `revision` is 1 as submitted; each amendment of this answer adds one.
    """

    key: str
    link_id: str
    concept: Concept
    choice: Choice | None = None
    declined: bool = False
    revision: int = 1
    amended_at: datetime | None = None
    # LOINC's panel has fewer items than some forms do.
    in_panel: bool = True
    # The language in which it was read and answered, where the form is in another, and
    # the form's own words then.
    read_in: str = ""
    official: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number computed from the answers: the total, or a subscale.

    `value` None: it left in an earlier version, and an amendment took it away.
    """

    key: str
    concept: Concept
    value: Decimal | int | None
    unit: str
    from_items: tuple[str, ...]
    band: Concept | None = None
    prorated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A result that is words, not a number, as of a triage instrument.

    `value` None: as of a Measure.
    """

    key: str
    concept: Concept
    value: Concept | None
    from_items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A name for a person or thing inside a numbering system."""

    system: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The patient the answers are about, by our id and the clinic's own number."""

    id: UUID
    identifier: Identifier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRecord:
    """One record of a patient. `replaces`: those merged into it; dates as ISO text."""

    id: UUID
    active: bool
    family_name: str
    given_name: str
    birth_date: str
    deceased: bool
    died_on: str
    identifiers: tuple[Identifier, ...]
    replaces: tuple[UUID, ...]
    replaced_by: UUID | None
    changed_at: datetime
    test_data: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted:
    """That it was entered in error: since when, and why, in a code with its words."""

    at: datetime
    why: Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One filling-in of one instrument, as it stands or stood at a moment.

    `answered`: when the patient gave the answers, which may be long before staff
    entered them. `submitted`: when they came to stand in our record. `revision` is
    1 as submitted; each amendment adds one, and so does each time that the patient's
    record was merged or parted, or its number corrected, the last of which was at
    `moved_at`, and being marked as entered in error (`retracted`). `stage`: empty once
    it was submitted; until then it counts the answers as revisions.
    """

    id: UUID
    questionnaire: str
    version: str
    language: str
    subject: Subject
    answered: datetime
    submitted: datetime
    self_reported: bool
    test_data: bool
    panel: Concept
    items: tuple[Item, ...]
    measures: tuple[Measure, ...] = ()
    finding: Finding | None = None
    no_total: str | None = None
    revision: int = 1
    amended_at: datetime | None = None
    moved_at: datetime | None = None
    stage: str = ""
    retracted: "Retracted | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What a client may do with one resource type.

    `search`: name, type and definition of each parameter. `includes` and
    `revincludes` are written as a client writes them.
    """

    resource: str
    codes: tuple[str, ...]
    search: tuple[tuple[str, str, str], ...] = ()
    includes: tuple[str, ...] = ()
    revincludes: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    versioned: bool = True
    # Whether a create may say If-None-Exist.
    conditional: bool = False
    # Each by its name and definition.
    operations: tuple[tuple[str, str], ...] = ()
    # What a reader would otherwise take for granted.
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What the server says of itself. `topics`: what can be subscribed to."""

    base_url: str
    software: str
    topics: tuple[str, ...] = ()
