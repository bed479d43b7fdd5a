"""What the patient's pages say, by language."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.definitions.files import ROOT, name_of, read_json
from screening.definitions.loading import DefinitionMissing
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
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only(
        *("id", "language", "version", "sources", "pages"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    for key, expected in (("id", "pages"), ("language", path.stem)):
        if reader.text(key) != expected:
            raise reader.refusal(f"must be {expected}, as the file's name says", key)
    reader.text("version")
    reader.sources()
    read_review(reader)
    listed = reader.child("pages")
    return {name: _read_page(listed.child(name)) for name in listed.data}


def _read_page(reader: Reader) -> dict[str, Any]:
    return {
        key: reader.texts(key) if isinstance(value, list) else reader.text(key)
        for key, value in reader.data.items()
    }
