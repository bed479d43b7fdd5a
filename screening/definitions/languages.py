"""The languages of patients' pages, said in one place: rules/languages.json."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from screening.definitions.files import ROOT, name_of, read_json
from screening.domain.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language: its tag, what it calls itself, and what staff call it."""

    code: str
    name: str
    english_name: str


@lru_cache(maxsize=4)
def languages(root: Path = ROOT) -> tuple[Language, ...]:
    """Every language, the one to fall back on first."""
    path = root / "rules" / "languages.json"
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only("version", "about", "languages")
    reader.text("version")
    found = tuple(_language(one) for one in reader.children("languages"))
    codes = [one.code.lower() for one in found]
    if not codes or len(set(codes)) < len(codes):
        raise reader.refusal("needs each language once", "languages")
    return found


def _language(reader: Reader) -> Language:
    reader.only("code", "name", "english_name")
    return Language(
        code=reader.text("code"),
        name=reader.text("name"),
        english_name=reader.text("english_name"),
    )


def codes(root: Path = ROOT) -> tuple[str, ...]:
    """The tags of all languages: "en", "es-US"."""
    return tuple(one.code for one in languages(root))


def english_names() -> dict[str, str]:
    """What staff read for a language's tag."""
    return {one.code: one.english_name for one in languages()}


def best(wanted: str | None) -> str:
    """The tag that fits best what somebody asks for: "es-mx" is served "es-US"."""
    asked = (wanted or "").lower()
    known = codes()
    whole = (code for code in known if code.lower() == asked)
    part = (c for c in known if _first(c.lower()) == _first(asked))
    return next(whole, None) or next(part, None) or known[0]


def _first(tag: str) -> str:
    return tag.partition("-")[0]
