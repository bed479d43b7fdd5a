"""The shipped help beneath an item: plainer wordings at two levels, and explanations.

Keyed by what an item asks about, so that instruments that share an item share its
help. An item that may never be worded has none, whatever a file says.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.domain.asking import INTENTS
from screening.domain.instruments import Instrument, Item
from screening.domain.wordings import Level
from screening.language import tables

FIELDS = {"text", "sources"}
# How a level is named in keys and in the address that asks for it.
NAMES: Mapping[Level, str] = {Level.PLAIN: "plainer", Level.EASY: "easier"}
# What every item must have an explanation of; the other kinds only where they fit.
MEANING = INTENTS[0]


@dataclass(frozen=True, slots=True)
class HelpText:
    """One text; a changed letter changes the checksum and needs a new sign-off."""

    key: str
    kind: str
    text: str
    checksum: str
    review_state: str
    sources: tuple[str, ...]

    @property
    def shown_as(self) -> str:
        """The key under which an answer says that this very text was shown."""
        return f"{self.key}@{self.checksum[:12]}"

    @property
    def language(self) -> str:
        """The language part of the key."""
        return self.key.split("/")[0]

    @property
    def concept(self) -> str:
        """What the text is about."""
        return self.key.split("/")[1]

    @property
    def level(self) -> Level | None:
        """How plain a wording is; an explanation has no level."""
        return next((lv for lv, name in NAMES.items() if name == self.kind), None)


def checksum(text: str, language: str) -> str:
    """What a signature stands under: the language and every letter."""
    return hashlib.sha256(f"{tables.short(language)}\n{text}".encode()).hexdigest()


def key(language: str, concept: str, level: Level) -> str:
    """The key of a concept's wordings at a level, for example "en/mood/plainer"."""
    return f"{tables.short(language)}/{concept}/{NAMES[level]}"


def wording(item: Item, instrument: Instrument, level: Level) -> HelpText | None:
    """The item in simpler words, still answered with the official options."""
    return text(item, instrument, NAMES[level])


def plainer(item: Item, instrument: Instrument) -> HelpText | None:
    """What a patient is shown first who asks for simpler words."""
    return wording(item, instrument, Level.PLAIN)


def explanation(item: Item, instrument: Instrument) -> HelpText | None:
    """What the item asks about; never how to answer it."""
    return text(item, instrument, MEANING)


def signable(language: str) -> tuple[HelpText, ...]:
    """Every shipped text that a clinic signs before its patients see it."""
    return tuple(_book(tables.short(language)).texts.values())


def text(item: Item, instrument: Instrument, kind: str) -> HelpText | None:
    """The shipped text of a kind: a name of a level, or a kind of question."""
    if item.safety or not item.wordable:
        return None
    short = tables.short(instrument.language)
    found = _book(short).texts.get((item.concept, kind))
    # A language without tables of its own borrows rules, never a patient's words.
    if found is None or instrument.language.split("-")[0].lower() != found.language:
        return None
    return found


@dataclass(frozen=True, slots=True)
class _Book:
    texts: Mapping[tuple[str, str], HelpText]


def explained(language: str) -> Path:
    """The file that holds the explanations of a language."""
    return tables.DATA / f"explanations.{language}.json"


@lru_cache(maxsize=4)
def _book(language: str) -> _Book:
    levels = {level.value: name for level, name in NAMES.items()}
    wordings = read_book(tables.DATA / f"wordings.{language}.json", language, levels)
    explanations = read_book(
        explained(language),
        language,
        {name: name for name in INTENTS},
        optional=INTENTS[1:],
    )
    return _Book(texts={**wordings.texts, **explanations.texts})


def read_book(
    path: Path,
    language: str,
    kinds: Mapping[str, str],
    *,
    optional: Collection[str] = (),
) -> _Book:
    """All texts of one file; one with a gap is refused.

    `kinds`: the entries of a concept and how keys name them; all but the `optional`
    ones must be there.
    """
    content = tables.read(path)
    texts: dict[tuple[str, str], HelpText] = {}
    for concept, entry in content.get("concepts", {}).items():
        if unknown := set(entry) - set(kinds):
            listed = ", ".join(sorted(unknown))
            raise tables.TableError(f"{path.name}: {concept}, {listed}: is not known.")
        for given in (one for one in kinds if one in entry or one not in optional):
            words = _text(entry.get(given), f"{path.name}: {concept}, {given}")
            kind = kinds[given]
            texts[concept, kind] = _made(concept, kind, words, content, language)
    if not texts:
        raise tables.TableError(f"{path.name}: holds no texts.")
    return _Book(texts=texts)


def _made(
    concept: str,
    kind: str,
    words: tuple[str, tuple[str, ...]],
    content: Mapping[str, Any],
    language: str,
) -> HelpText:
    written, sources = words
    return HelpText(
        key=f"{language}/{concept}/{kind}",
        kind=kind,
        text=written,
        checksum=checksum(written, language),
        review_state=str(content["review_state"]),
        sources=sources,
    )


def _text(entry: Any, place: str) -> tuple[str, tuple[str, ...]]:
    if not isinstance(entry, dict) or set(entry) != FIELDS:
        raise tables.TableError(f"{place}: must have text and sources, nothing else.")
    written, sources = entry["text"], entry["sources"]
    if (
        not isinstance(written, str)
        or not written.strip()
        or written != written.strip()
    ):
        raise tables.TableError(f"{place}: the text is empty or has stray spaces.")
    if not isinstance(sources, list) or not sources:
        raise tables.TableError(f"{place}: names no source.")
    return written, tuple(sources)
