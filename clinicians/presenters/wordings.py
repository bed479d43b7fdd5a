"""The shipped plainer wordings and explanations, beside the official text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clinicians.presenters.people import LANGUAGES
from core.models import Clinic
from screening import definitions
from screening.domain.instruments import Instrument
from screening.language import wording
from screening.models import WordingSignOff

KINDS = {"plainer": "Plainer wording", "explanation": "Explanation"}
SHORT = 12  # how much of a checksum an answer keeps


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One text to sign."""

    key: str
    checksum: str
    kind: str
    official: str
    text: str
    language: str
    sources: str
    review_state: str
    signed: Sequence[str]
    mine: bool


@dataclass(frozen=True, slots=True)
class WordingGroup:
    """The texts of one language; questionnaires that share an item share its texts."""

    title: str
    rows: Sequence[WordingRow]
    to_sign: int


def _texts(instrument: Instrument) -> Iterable[tuple[str, wording.HelpText]]:
    for item in instrument.items:
        for find in (wording.plainer, wording.explanation):
            found = find(item, instrument) if item.wordable else None
            if found is not None:
                yield item.text, found


@lru_cache(maxsize=64)
def texts_by_key(instrument: Instrument) -> Mapping[str, str]:
    """The shipped texts by the key under which an answer says it saw them.

    A text that has changed since has another checksum and is not found: an old
    answer never seems to have seen new words.
    """
    return {
        f"{text.key}@{text.checksum[:SHORT]}": text.text
        for _, text in _texts(instrument)
    }


def checksums() -> dict[str, str]:
    """Every wording that can be signed, key to checksum."""
    return {
        text.key: text.checksum
        for instrument in definitions.load_all().values()
        for _, text in _texts(instrument)
    }


def groups(clinic: Clinic, role: str) -> list[WordingGroup]:
    """Present every wording with its signatures; `role` is the reader's own."""
    signatures: dict[tuple[str, str], list[WordingSignOff]] = {}
    rows = WordingSignOff.objects.filter(clinic=clinic).select_related("by")
    for row in rows.order_by("at", "id"):
        signatures.setdefault((row.wording_key, row.checksum), []).append(row)
    by_language: dict[str, dict[str, WordingRow]] = {}
    for instrument in definitions.load_all().values():
        found = by_language.setdefault(instrument.language, {})
        for official, text in _texts(instrument):
            signed = signatures.get((text.key, text.checksum), [])
            found.setdefault(text.key, _row(instrument, official, text, signed, role))
    return [
        WordingGroup(
            title=LANGUAGES.get(language, language),
            rows=list(found.values()),
            to_sign=sum(not row.mine for row in found.values()),
        )
        for language, found in by_language.items()
        if found
    ]


def _row(
    instrument: Instrument,
    official: str,
    text: wording.HelpText,
    signed: Sequence[WordingSignOff],
    role: str,
) -> WordingRow:
    return WordingRow(
        key=text.key,
        checksum=text.checksum,
        kind=KINDS.get(text.kind, text.kind),
        official=f"{official} ({instrument.short_name})",
        text=text.text,
        language=instrument.language,
        sources="; ".join(text.sources),
        review_state=text.review_state,
        signed=[f"{row.get_role_display()}: {row.by}" for row in signed],
        mine=any(row.role == role for row in signed),
    )
