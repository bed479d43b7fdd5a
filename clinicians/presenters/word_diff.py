"""Two texts beside each other, word by word: what both have, and what only one has."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in a row; `both`: the other text has them too, in this place."""

    text: str
    both: bool


def compare(one: str, other: str) -> tuple[list[Run], list[Run]]:
    """Each text as runs of words. Marks and capitals make no difference."""
    left, right = one.split(), other.split()
    matcher = SequenceMatcher(
        a=[_bare(word) for word in left],
        b=[_bare(word) for word in right],
        autojunk=False,
    )
    codes = matcher.get_opcodes()
    return (
        _runs(left, ((a, b, tag == "equal") for tag, a, b, _, _ in codes)),
        _runs(right, ((a, b, tag == "equal") for tag, _, _, a, b in codes)),
    )


def _runs(words: Sequence[str], places: Iterable[tuple[int, int, bool]]) -> list[Run]:
    return [
        Run(" ".join(words[start:end]), both)
        for start, end, both in places
        if end > start
    ]


def _bare(word: str) -> str:
    return re.sub(r"[^\w]", "", word.casefold()) or word
