"""The reviewed help beneath an item: a plainer wording and an explanation.

Keyed by what an item asks about, so that instruments that share an item share its
help. An item that may never be worded has none, whatever a file says.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from screening.domain.instruments import Instrument, Item
from screening.language import tables

Kind = Literal["plainer", "explanation"]
KINDS: tuple[Kind, ...] = ("plainer", "explanation")
FIELDS = {"text", "sources"}


@dataclass(frozen=True, slots=True)
class HelpText:
    """One wording; a changed letter changes the checksum and needs a new sign-off."""

    key: str
    kind: Kind
    text: str
    checksum: str
    review_state: str
    sources: tuple[str, ...]

    @property
    def shown_as(self) -> str:
        """The key under which an answer says that this very text was shown."""
        return f"{self.key}@{self.checksum[:12]}"


def plainer(item: Item, instrument: Instrument) -> HelpText | None:
    """The item in simpler words, still answered with the official options."""
    return _find(item, instrument, "plainer")


def explanation(item: Item, instrument: Instrument) -> HelpText | None:
    """How to read the item; never how to answer it."""
    return _find(item, instrument, "explanation")


def note(name: str, language: str) -> str:
    """A short text for what cannot be explained or answered here."""
    return str(_book(tables.short(language)).notes[name])


def _find(item: Item, instrument: Instrument, kind: Kind) -> HelpText | None:
    if item.safety or not item.wordable:
        return None
    found = _book(tables.short(instrument.language)).texts.get((item.concept, kind))
    if found is None or tables.short(instrument.language) != found.key.split("/")[0]:
        return None
    return found


@dataclass(frozen=True, slots=True)
class _Book:
    texts: Mapping[tuple[str, str], HelpText]
    notes: Mapping[str, str]


@lru_cache(maxsize=4)
def _book(language: str) -> _Book:
    return read_book(tables.DATA / f"help.{language}.json", language)


def read_book(path: Path, language: str) -> _Book:
    """All help texts of one language; a file with a gap is refused."""
    content = tables.read(path)
    texts: dict[tuple[str, str], HelpText] = {}
    for concept, entry in content.get("concepts", {}).items():
        for kind in KINDS:
            place = f"{path.name}: {concept}, {kind}"
            text = _text(entry.get(kind), place, content, language)
            texts[concept, kind] = HelpText(f"{language}/{concept}/{kind}", kind, *text)
    if not texts:
        raise tables.TableError(f"{path.name}: holds no help texts.")
    return _Book(texts=texts, notes=content.get("notes", {}))


def _text(
    entry: Any, place: str, content: Mapping[str, Any], language: str
) -> tuple[str, str, str, tuple[str, ...]]:
    if not isinstance(entry, dict) or set(entry) != FIELDS:
        raise tables.TableError(f"{place}: must have text and sources, nothing else.")
    text, sources = entry["text"], entry["sources"]
    if not isinstance(text, str) or not text.strip() or text != text.strip():
        raise tables.TableError(f"{place}: the text is empty or has stray spaces.")
    if not isinstance(sources, list) or not sources:
        raise tables.TableError(f"{place}: names no source.")
    checksum = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
    return text, checksum, content["review_state"], tuple(sources)
