"""What a questionnaire is: its items, options and terms, as frozen values."""

from dataclasses import dataclass

from screening.domain.measures import (
    Algorithm,
    Band,
    ChangeRule,
    Cut,
    MissingRule,
    Subscale,
    Triage,
)

LOINC = "http://loinc.org"


class AnswerRefused(ValueError):
    """An answer that does not fit the questionnaire, with a sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One official response option; `value` only orders where nothing is scored."""

    value: int
    text: str
    code: str | None
    code_system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question with its official text and options, in the order of the form."""

    link_id: str
    number: int
    concept: str
    text: str
    code: str | None
    display: str | None
    kind: str
    options: tuple[Option, ...]
    answer_list: str | None
    scored: bool
    required: bool
    enable_when: str | None
    safety: bool
    wordable: bool
    code_in_panel: bool

    def option(self, value: int) -> Option:
        """The option with this value; anything else is refused."""
        for option in self.options:
            # True == 1 in Python, and a truth value is never an answer.
            if type(value) is int and option.value == value:
                return option
        allowed = ", ".join(str(option.value) for option in self.options)
        raise AnswerRefused(
            f"Item {self.number} takes one of {allowed}, not {value!r}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """On what terms the texts may be used."""

    status: str
    holder: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One questionnaire in one language and version: all that asking and scoring need."""

    id: str
    version: str
    language: str
    title: str
    time_frame: str
    instruction: str
    items: tuple[Item, ...]
    answer_list: str | None
    bands: tuple[Band, ...]
    bands_source: str | None
    cut: Cut | None
    alternate_cuts: tuple[Cut, ...]
    subscales: tuple[Subscale, ...]
    missing: MissingRule
    algorithm: Algorithm | None
    triage: Triage | None
    method: str
    change: ChangeRule | None
    loinc_panel: str | None
    loinc_panel_display: str | None
    total_code: str | None
    total_display: str | None
    ucum: str
    licence: Licence
    loinc_notice: str | None
    review_state: str
    reviewed_by: str | None
    reviewed_on: str | None
    text_review_state: str
    text_reviewed_by: str | None
    text_reviewed_on: str | None
    sources: tuple[str, ...]
    text_sources: tuple[str, ...]
    notes: tuple[str, ...]
    text_notes: tuple[str, ...]
    checksum: str
    self_administered: bool

    @property
    def short_name(self) -> str:
        """The name clinicians use: PHQ-9."""
        return self.id.upper()

    @property
    def scored_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scored)

    @property
    def minimum(self) -> int:
        """The lowest total possible."""
        return sum(
            min(option.value for option in item.options) for item in self.scored_items
        )

    @property
    def maximum(self) -> int:
        """The highest total possible."""
        return sum(
            max(option.value for option in item.options) for item in self.scored_items
        )

    def item(self, link_id: str) -> Item:
        """The item with this link id; an item of another instrument is refused."""
        for item in self.items:
            if item.link_id == link_id:
                return item
        raise AnswerRefused(f"The {self.short_name} has no item {link_id!r}.")
