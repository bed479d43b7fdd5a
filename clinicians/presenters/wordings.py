"""The clinic's wordings beside the official text: what stands where, and who signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from clinicians.presenters.word_diff import Run, compare
from clinicians.presenters.wording_words import (
    KINDS,
    LANGUAGES,
    SINCE_SHIPPED,
    STATES,
    verdict_lines,
    version_name,
)
from core.models import Clinic
from screening import definitions
from screening.domain.instruments import Instrument
from screening.domain.wordings import Draft, State
from screening.language import drafts, exchange, gating, library, tables, wording
from screening.models import Wording, WordingSignOff

Signatures = Mapping[tuple[str, str], Sequence[WordingSignOff]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of the library with all that is known of it, not yet put in words."""

    stand: library.Stand
    level: str
    shipped: wording.HelpText | None
    signed: Sequence[WordingSignOff]

    @property
    def language(self) -> str:
        return self.stand.key.split("/")[0]

    @property
    def concept(self) -> str:
        return self.stand.key.split("/")[1]

    @property
    def asked(self) -> Sequence[gating.Question]:
        """The official questions that it stands beneath."""
        return gating.questions(self.concept, self.language)

    @property
    def draft(self) -> Draft:
        """The text for a write, with the verdict of today's checks."""
        if self.stand.row:
            return drafts.of_row(self.stand.row)
        assert self.shipped is not None  # noqa: S101 - a text is a row or was shipped
        return drafts.shipped(self.shipped)

    def to_sign(self, role: str) -> bool:
        """Whether a signature in this role is what it waits for."""
        roles = {row.role for row in self.signed}
        waits = self.stand.state is State.GATED and role not in roles
        return waits and self.draft.passed


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One text beside its official question."""

    entry: str
    mark: str
    href: str
    kind: str
    language: str
    language_name: str
    serves: str
    official: Sequence[Run]
    words: Sequence[Run]
    text: str
    state: str
    state_kind: str
    origin: str
    version: str
    about: str
    refused: Sequence[str]
    signed: Sequence[str]
    to_sign: bool


@lru_cache(maxsize=64)
def texts_by_key(instrument: Instrument) -> Mapping[str, str]:
    """The shipped texts by the key under which an answer says it saw them.

    A text that has changed since has another checksum and is not found: an old
    answer never seems to have seen new words.
    """
    concepts = {item.concept for item in instrument.items if item.wordable}
    return {
        text.shown_as: text.text
        for text in wording.signable(instrument.language)
        if text.concept in concepts
    }


def entries(clinic: Clinic) -> list[Entry]:
    """Every text of the clinic's library, in the order of the questionnaires."""
    own = list(Wording.objects.filter(clinic=clinic))
    shipped = [
        text
        for language in tables.LANGUAGES
        for text in wording.signable(language)
        if gating.questions(text.concept, language)
    ]
    under = signatures(clinic)
    roles = {key: {row.role for row in rows} for key, rows in under.items()}
    by_text = {(text.key, text.checksum): text for text in shipped}
    found = []
    for stand in library.stands(own, shipped, roles):
        at = (stand.key, stand.checksum)
        text = by_text.get(at)
        level = stand.row.level if stand.row else (text and text.level) or ""
        found.append(Entry(stand, level, text, under.get(at, ())))
    return sorted(found, key=_place)


def signatures(clinic: Clinic) -> Signatures:
    """Who signed which text, oldest first."""
    rows = WordingSignOff.objects.filter(clinic=clinic).select_related("by")
    found: dict[tuple[str, str], list[WordingSignOff]] = {}
    for row in rows.order_by("at", "id"):
        found.setdefault((row.wording_key, row.checksum), []).append(row)
    return found


def present(entry: Entry, role: str) -> WordingRow:
    """Present one text; `role` is the reader's own."""
    stand, asked, draft = entry.stand, entry.asked, entry.draft
    official, words = _beside(exchange.official(asked[0]) if asked else "", entry)
    state, state_kind = STATES[stand.state]
    origin = stand.row.origin if stand.row else Wording.Origin.SHIPPED
    return WordingRow(
        entry=f"{stand.key}@{stand.checksum}",
        mark=stand.checksum[:12],
        href=page_of(stand.key, stand.checksum),
        kind=KINDS[entry.level],
        language=asked[0][1].language if asked else entry.language,
        language_name=LANGUAGES[entry.language],
        serves=", ".join(one.short_name for _, one in asked) or "no questionnaire now",
        official=official,
        words=words,
        text=stand.text,
        state=state,
        state_kind=state_kind,
        origin=Wording.Origin(origin).label,
        version=version_name(stand),
        about=_about(entry.shipped, stand.state),
        refused=verdict_lines(draft.verdicts),
        signed=[f"{row.get_role_display()}: {row.by}" for row in entry.signed],
        to_sign=entry.to_sign(role),
    )


def _beside(official: str, entry: Entry) -> tuple[Sequence[Run], Sequence[Run]]:
    """A wording is compared word by word; an explanation says something else."""
    text = entry.stand.text
    if entry.level:
        return compare(official, text)
    return [Run(official, both=True)], [Run(text, both=True)]


def page_of(key: str, checksum: str) -> str:
    """The address of one text's page."""
    return reverse("clinicians:wording", args=[key, checksum[:12]])


def _about(text: wording.HelpText | None, state: State) -> str:
    if text is None:
        return ""
    review = text.review_state
    if state in SINCE_SHIPPED:
        # Who wrote it stays true; what it then waited for does not.
        review = f"{review.partition(', ')[0]}, {SINCE_SHIPPED[state]}"
    return f"{review[:1].upper()}{review[1:]}. Sources: {'; '.join(text.sources)}"


def _place(entry: Entry) -> tuple[str, int, int, str, int]:
    order = _order()
    known = order.index(entry.concept) if entry.concept in order else len(order)
    level = list(KINDS).index(entry.level)
    return entry.language, known, level, entry.stand.key, -entry.stand.version


@lru_cache(maxsize=1)
def _order() -> tuple[str, ...]:
    asked = [definitions.get(name, "en") for name in ("phq-9", "gad-7")]
    concepts = [item.concept for instrument in asked for item in instrument.items]
    return tuple(dict.fromkeys(concepts))
