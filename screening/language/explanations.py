"""The reviewed explanations: how to read an item, by what a patient asks about it.

Keyed by what an item asks about and by the kind of question (`en/energy/cause`), so
that instruments that share an item share them. An item that may never be worded has
none, whatever a file says.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.domain.instruments import Instrument, Item
from screening.language import tables
from screening.language.wording import FIELDS, HelpText

# What a question can be about. Where nothing else decides, the first comes first.
INTENTS = (
    "meaning",
    "examples",
    "window",
    "choosing",
    "cause",
    "either_part",
    "usual",
    "not_in_my_life",
    "how_much",
    "purpose",
    "privacy",
)
# What no explanation of an item may answer: a person does.
OUTSIDE = (
    "diagnosis",
    "medication",
    "therapy",
    "reassurance",
    "score",
    "off_topic",
    "injection",
)
NOTES = ("never_worded", "no_explanation", "unmatched")
FORM = "form"  # the concept of what is said of the whole form, not of one item
KIND = "explanation"


@dataclass(frozen=True, slots=True)
class Note:
    """A short text for what is not explained or answered here; it is not signed."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Book:
    texts: Mapping[tuple[str, str], HelpText]
    labels: Mapping[str, str]
    notes: Mapping[str, Note]


def of_item(item: Item, instrument: Instrument) -> dict[str, HelpText]:
    """The explanations of an item by intent; none for an item never to be worded."""
    if item.safety or not item.wordable or not _speaks(instrument.language):
        return {}
    known = _book(tables.short(instrument.language)).texts
    own = {name: known.get((item.concept, name)) for name in INTENTS}
    if own["meaning"] is None:
        return {}
    found = {name: text or known.get((FORM, name)) for name, text in own.items()}
    return {name: text for name, text in found.items() if text is not None}


def meaning(item: Item, instrument: Instrument) -> HelpText | None:
    """What the item asks about, in plain words."""
    return of_item(item, instrument).get("meaning")


def texts(language: str) -> tuple[HelpText, ...]:
    """Every explanation of one language, to be listed and signed."""
    return tuple(_book(tables.short(language)).texts.values())


def intent(key: str) -> str:
    """The kind of question that the text with this key answers."""
    return key.rsplit("/", 1)[-1]


def label(name: str, language: str) -> str:
    """What a patient would ask to get this kind of explanation."""
    return _book(tables.short(language)).labels[name]


def note(name: str, language: str) -> Note:
    """The note by this name: why there is no explanation, or why there is no answer."""
    return _book(tables.short(language)).notes[name]


def check(language: str) -> None:
    """Raise TableError if the file of this language cannot be used."""
    _book(language)


def _speaks(language: str) -> bool:
    """Other languages would be answered in English, which is worse than nothing."""
    return language.split("-")[0].lower() == tables.short(language)


@lru_cache(maxsize=4)
def _book(language: str) -> _Book:
    return read_book(tables.DATA / f"explanations.{language}.json", language)


def read_book(path: Path, language: str) -> _Book:
    """The explanations of one language; a file with a gap is refused."""
    content = tables.read(path)
    concepts = {FORM: content.get(FORM, {}), **content.get("concepts", {})}
    found = {
        (concept, name): _text(entry, f"{language}/{concept}/{name}", path, content)
        for concept, entries in concepts.items()
        for name, entry in entries.items()
    }
    for concept, name in found:
        if name not in INTENTS:
            raise tables.TableError(f"{path.name}: {concept}, {name}: no such kind.")
        if concept != FORM and (concept, "meaning") not in found:
            raise tables.TableError(f"{path.name}: {concept} has no meaning.")
    if not found:
        raise tables.TableError(f"{path.name}: holds no explanations.")
    return _Book(found, _labels(path, content), _notes(path, content, language))


def _labels(path: Path, content: Mapping[str, Any]) -> dict[str, str]:
    labels = dict(content.get("labels", {}))
    if set(labels) != set(INTENTS) or not all(labels.values()):
        raise tables.TableError(f"{path.name}: labels must name every kind once.")
    return labels


def _notes(path: Path, content: Mapping[str, Any], language: str) -> dict[str, Note]:
    notes, refusals = content.get("notes", {}), content.get("refusals", {})
    if set(notes) != set(NOTES) or set(refusals) != set(OUTSIDE):
        raise tables.TableError(f"{path.name}: a note or a refusal is missing.")
    found = {name: Note(f"{language}/{name}", text) for name, text in notes.items()}
    for name, text in refusals.items():
        found[name] = Note(f"{language}/refused/{name}", text)
    return found


def _text(entry: Any, key: str, path: Path, content: Mapping[str, Any]) -> HelpText:
    place = f"{path.name}: {key}"
    if not isinstance(entry, dict) or set(entry) != set(FIELDS):
        raise tables.TableError(f"{place}: must have text and sources, nothing else.")
    text, sources = entry["text"], entry["sources"]
    if not isinstance(text, str) or not text.strip() or text != text.strip():
        raise tables.TableError(f"{place}: the text is empty or has stray spaces.")
    if not isinstance(sources, list) or not sources:
        raise tables.TableError(f"{place}: names no source.")
    language = key.split("/")[0]
    return HelpText(
        key=key,
        kind=KIND,
        text=text,
        checksum=hashlib.sha256(f"{language}\n{text}".encode()).hexdigest(),
        review_state=content["review_state"],
        sources=tuple(sources),
    )
