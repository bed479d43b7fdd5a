"""The reviewed explanations of an item, one for each kind of question about it.

Keyed by what an item asks about and by the kind of question (`en/energy/cause`), so
that instruments that share an item share them. An item that may never be worded has
none, whatever a file says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.domain.asking import INTENTS, OUTSIDE
from screening.domain.instruments import Instrument, Item
from screening.language import tables, wording
from screening.language.wording import HelpText

NOTES = ("never_worded", "no_explanation", "unmatched")


@dataclass(frozen=True, slots=True)
class Note:
    """A short text for what is not explained or answered here; it is not signed."""

    id: str
    text: str


def of_item(item: Item, instrument: Instrument) -> dict[str, HelpText]:
    """The explanations of an item by kind of question; none for one never worded."""
    found = {name: wording.text(item, instrument, name) for name in INTENTS}
    return {name: text for name, text in found.items() if text is not None}


def texts(language: str) -> tuple[HelpText, ...]:
    """Every explanation of one language, to be listed and signed."""
    return tuple(text for text in wording.signable(language) if text.kind in INTENTS)


def label(intent: str, language: str) -> str:
    """What a patient would ask to get this kind of explanation."""
    return str(_content(tables.short(language))["labels"][intent])


def note(name: str, language: str) -> Note:
    """Why there is no explanation, by the name of a note, or why there is no answer,
    by the kind of question that is refused."""
    short = tables.short(language)
    content = _content(short)
    if name in OUTSIDE:
        return Note(f"{short}/refused/{name}", str(content["refusals"][name]))
    return Note(f"{short}/{name}", str(content["notes"][name]))


def check(language: str) -> None:
    """Raise TableError if the file of this language cannot be used."""
    _content(language)
    wording.signable(language)


@lru_cache(maxsize=4)
def _content(language: str) -> Mapping[str, Any]:
    return checked(tables.read(wording.explained(language)), f"{language}")


def checked(content: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    """The content of a file of explanations; one with a gap is refused."""
    for part, names in (("labels", INTENTS), ("notes", NOTES), ("refusals", OUTSIDE)):
        found = content.get(part, {})
        if set(found) != set(names) or not all(
            str(one).strip() for one in found.values()
        ):
            listed = ", ".join(names)
            raise tables.TableError(f"explanations, {place}: {part} must say {listed}.")
    return content
