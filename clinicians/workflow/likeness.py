"""Whether two people born on one day may be one person: by their names alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.names import words

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the words that a search compares."""

    family: tuple[str, ...]
    given: tuple[str, ...]


def read_name(family: str, given: str) -> Name:
    """Take a name apart."""
    return Name(words(family), words(given))


def alike(one: Name, other: Name, *, least: int) -> str:
    """Say in words why they may be one person; empty where the names speak against.

    Twins share birth date and family name, so a given name that differs counts.
    """
    family = _near(one.family, other.family, least)
    given = _near(one.given, other.given, least)
    if family and given:
        same = set(one.family) == set(other.family) and one.given == other.given
        return "Same name" if same else "Similar name"
    if family and not (one.given and other.given):
        return "Same family name, and one record has no given name"
    if given and set(one.given) == set(other.given):
        return "Same given name, another family name"
    if _crossed(one, other) or _crossed(other, one):
        return "Given and family name may be the other way round"
    return ""


def _crossed(one: Name, other: Name) -> bool:
    return bool(set(one.family) & set(other.given)) and bool(
        set(one.given) & set(other.family)
    )


def _near(some: Sequence[str], others: Sequence[str], least: int) -> bool:
    return any(_similar(a, b, least) for a in some for b in others)


def _similar(a: str, b: str, least: int) -> bool:
    if min(len(a), len(b)) == 1:
        # An initial.
        return a[0] == b[0]
    return SequenceMatcher(None, a, b).ratio() * PERCENT >= least
