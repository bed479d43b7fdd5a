"""How answers are counted and compared: values, each with the source of its numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named range of totals, both ends included."""

    min: int
    max: int
    label: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The total from which a screen counts as positive."""

    threshold: int
    source: str
    sensitivity: float | None
    specificity: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscale:
    """Some of the items, added up on their own."""

    id: str
    label: str
    items: tuple[str, ...]
    cut: Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRule:
    """How many missing items mean substitution may fill, and which ones never."""

    max_prorated: int
    never_impute: tuple[str, ...]
    decimals: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """The answer from which an item counts as a symptom in an algorithm."""

    link_id: str
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an algorithm says from this many symptoms on."""

    at_least: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A published symptom count: a screening result, never a diagnosis."""

    symptoms: tuple[Symptom, ...]
    gateway: tuple[str, ...]
    findings: tuple[Finding, ...]
    otherwise: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Yes-or-no questions with an outcome instead of a total; refusing counts as yes."""

    gate: tuple[str, ...]
    acuity: str
    negative: str
    non_acute: str
    acute: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A number somebody published, with where."""

    points: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """When two totals differ by more than chance, and what counts as better."""

    reliable: Published
    reliable_alternatives: tuple[Published, ...]
    meaningful: Published | None
    response_percent: Published | None
    remission_below: Published | None
