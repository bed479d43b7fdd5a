"""What the patient's pages and the conversation say, by language."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.definitions.files import ROOT, name_of, read_json
from screening.definitions.loading import DefinitionMissing
from screening.domain.connecting import KINDS
from screening.domain.reading import Reader, read_review


@lru_cache(maxsize=8)
def pages(language: str, root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """Page name -> part of the page -> text or list of texts."""
    path = root / "pages" / f"{language}.json"
    if not path.exists():
        raise DefinitionMissing(f"There are no page texts in {language}.")
    return read_pages(path, root)


def read_pages(path: Path, root: Path) -> dict[str, dict[str, Any]]:
    """One language's page texts; raises DefinitionError if they cannot be used."""
    listed = _open(path, root, "pages", "pages")
    return {name: _read_page(listed.child(name)) for name in listed.data}


def _open(path: Path, root: Path, of: str, content: str) -> Reader:
    """The content of a file of texts, once it says what it is and who looked at it."""
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only(
        *("id", "language", "version", "sources", content),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    for key, expected in (("id", of), ("language", path.stem)):
        if reader.text(key) != expected:
            raise reader.refusal(f"must be {expected}, as the file's name says", key)
    reader.text("version")
    reader.sources()
    read_review(reader)
    return reader.child(content)


def _read_page(reader: Reader) -> dict[str, Any]:
    return {
        key: reader.texts(key) if isinstance(value, list) else reader.text(key)
        for key, value in reader.data.items()
    }


@lru_cache(maxsize=8)
def connecting(language: str, root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """What is said between two questions: kind -> lines that take turns."""
    path = root / "connecting" / f"{language}.json"
    if not path.exists():
        raise DefinitionMissing(f"There are no connecting lines in {language}.")
    return read_connecting(path, root)


def read_connecting(path: Path, root: Path) -> dict[str, tuple[str, ...]]:
    """One language's lines; raises DefinitionError if they cannot be used."""
    lines = _open(path, root, "connecting", "lines")
    lines.only(*KINDS)
    for kind in KINDS:
        if not lines.texts(kind):
            raise lines.refusal("needs at least one line", kind)
    return {kind: lines.texts(kind) for kind in KINDS}
