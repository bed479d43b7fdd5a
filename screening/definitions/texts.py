"""The project's own texts: what pages say, and the help beneath an item."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.definitions.files import ROOT, name_of, read_json
from screening.definitions.loading import DefinitionMissing
from screening.domain.instruments import AnswerRefused, Instrument
from screening.domain.reading import Reader, read_review

HEAD = ("id", "language", "version", "review_state", "reviewed_by", "reviewed_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHelp:
    """A plainer wording and an explanation of one item, shown beneath the official text."""

    link_id: str
    plainer: str
    explanation: str
    sources: tuple[str, ...]
    version: str
    review_state: str
    reviewed_by: str | None
    reviewed_on: str | None


@lru_cache(maxsize=8)
def pages(language: str, root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """Page name -> part of the page -> text or list of texts."""
    path = root / "pages" / f"{language}.json"
    if not path.exists():
        raise DefinitionMissing(f"There are no page texts in {language}.")
    return read_pages(path, root)


def read_pages(path: Path, root: Path) -> dict[str, dict[str, Any]]:
    """One language's page texts; raises DefinitionError if they cannot be used."""
    reader = _open(path, root, "pages", path.stem)
    reader.only(*HEAD, "sources", "pages")
    reader.sources()
    listed = reader.child("pages")
    return {name: _read_page(listed.child(name)) for name in listed.data}


def _read_page(reader: Reader) -> dict[str, Any]:
    return {
        key: reader.texts(key) if isinstance(value, list) else reader.text(key)
        for key, value in reader.data.items()
    }


@lru_cache(maxsize=32)
def help_texts(
    instrument_id: str, language: str, root: Path = ROOT
) -> dict[str, ItemHelp]:
    """link_id -> help; empty where an instrument has none in this language."""
    path = root / "help" / f"{instrument_id}.{language}.json"
    return read_help(path, root) if path.exists() else {}


def read_help(path: Path, root: Path) -> dict[str, ItemHelp]:
    """One help file; raises DefinitionError if it cannot be used."""
    instrument_id, _, language = path.stem.partition(".")
    reader = _open(path, root, instrument_id, language)
    reader.only(*HEAD, "sources", "items")
    items = reader.child("items")
    return {
        link_id: _read_help(items.child(link_id), link_id, reader)
        for link_id in items.data
    }


def _read_help(reader: Reader, link_id: str, head: Reader) -> ItemHelp:
    reader.only("plainer", "explanation", "sources")
    state, by, on = read_review(head)
    return ItemHelp(
        link_id=link_id,
        plainer=reader.text("plainer"),
        explanation=reader.text("explanation"),
        sources=head.sources() + reader.texts("sources"),
        version=head.text("version"),
        review_state=state,
        reviewed_by=by,
        reviewed_on=on,
    )


def help_faults(found: dict[str, ItemHelp], instrument: Instrument) -> list[str]:
    """Help for items that have none, or must not: a safety item is never reworded."""
    faults = []
    for link_id in found:
        try:
            wordable = instrument.item(link_id).wordable
        except AnswerRefused as refused:
            faults.append(str(refused))
            continue
        if not wordable:
            faults.append(f"item {link_id} is never reworded")
    faults += [
        f"item {item.link_id} has no help"
        for item in instrument.items
        if item.wordable and item.link_id not in found
    ]
    return faults


def _open(path: Path, root: Path, file_id: str, language: str) -> Reader:
    reader = Reader(read_json(path, root), name_of(path, root))
    for key, expected in (("id", file_id), ("language", language)):
        if reader.data.get(key) != expected:
            raise reader.refusal(f"must be {expected}, as the file's name says", key)
    read_review(reader)
    return reader
