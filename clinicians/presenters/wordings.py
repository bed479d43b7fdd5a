"""The shipped plainer wordings and explanations, beside the official text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
    """The texts of one questionnaire in one language."""

    id: str
    title: str
    language: str
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
    signed: dict[tuple[str, str], list[str]] = {}
    rows = WordingSignOff.objects.filter(clinic=clinic).select_related("by")
    mine = set()
    for row in rows.order_by("at"):
        pair = row.wording_key, row.checksum
        words = f"{row.get_role_display()}: {row.by}"
        signed.setdefault(pair, []).append(words)
        if row.role == role:
            mine.add(pair)
    return [
        _group(instrument, signed, mine)
        for instrument in definitions.load_all().values()
        if any(True for _ in _texts(instrument))
    ]


def _group(
    instrument: Instrument,
    signed: Mapping[tuple[str, str], Sequence[str]],
    mine: set[tuple[str, str]],
) -> WordingGroup:
    rows = [
        WordingRow(
            key=text.key,
            checksum=text.checksum,
            kind=KINDS.get(text.kind, text.kind),
            official=official,
            text=text.text,
            language=instrument.language,
            sources="; ".join(text.sources),
            review_state=text.review_state,
            signed=signed.get((text.key, text.checksum), ()),
            mine=(text.key, text.checksum) in mine,
        )
        for official, text in _texts(instrument)
    ]
    return WordingGroup(
        id=f"{instrument.id}.{instrument.language}",
        title=f"{instrument.short_name}, {instrument.language}",
        language=instrument.language,
        rows=rows,
        to_sign=sum(not row.mine for row in rows),
    )
