"""Mends slips in crisis words, and only in those: the vocabulary is closed.

General spell checkers do harm; here a word that is no known word is compared with the
few that the rules speak of: by letters doubled or swapped, by sound, by stars, by one
slip (two in a long word), and by words that were written as one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from screening.language.crisis_words import Lexicon

_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST = 4  # a word shorter than this is only mended by the lists
_LONG = 8  # from here on two slips
_GLUED = 6  # words written as one


@dataclass(frozen=True, slots=True)
class Speller:
    """The closed vocabulary of one language, ready to look things up."""

    aliases: Mapping[str, tuple[str, ...]]
    vocabulary: tuple[str, ...]
    real: frozenset[str]
    small: frozenset[str]
    sounds: tuple[tuple[re.Pattern[str], str], ...]
    known: frozenset[str] = field(default=frozenset())
    squeezed: Mapping[str, str] = field(default_factory=dict)
    sounded: Mapping[str, str] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """Whether the word needs no mending."""
        return word in self.known or word in self.aliases

    def mend(self, word: str) -> tuple[str, ...]:
        """The word or words that are meant."""
        if word in self.aliases:
            return self.aliases[word]
        if word in self.known or word in self.real or not word.isalpha():
            return self._starred(word) if "*" in word else (word,)
        if found := self._same(word) or self._near(word):
            return self.aliases.get(found, (found,))
        return self._cut(word) or (word,)

    def _same(self, word: str) -> str | None:
        """The word with other doubled letters, or that sounds the same."""
        return self.squeezed.get(_squeeze(word)) or self.sounded.get(self._sound(word))

    def _sound(self, word: str) -> str:
        for pattern, sound in self.sounds:
            word = pattern.sub(sound, word)
        return _squeeze(word)

    def _near(self, word: str) -> str | None:
        """The nearest word that a slip or two would turn into this one."""
        if len(word) < _SHORTEST:
            return None
        found: tuple[int, str] | None = None
        for candidate in self.vocabulary:
            allowed = _allowed(word, candidate)
            if found is not None:
                allowed = min(allowed, found[0] - 1)
            if allowed < 1:
                continue
            slips = OSA.distance(word, candidate, score_cutoff=allowed)
            if slips <= allowed:
                found = (slips, candidate)
        return found[1] if found else None

    def _starred(self, word: str) -> tuple[str, ...]:
        """ "k*ll" by the one crisis word that has these letters."""
        shape = re.compile(
            "".join("[a-z]" if c == "*" else re.escape(c) for c in word) + "$"
        )
        found = [one for one in self.vocabulary if shape.match(one)]
        return (found[0],) if found else (word.replace("*", ""),)

    def _cut(self, word: str) -> tuple[str, ...] | None:
        """ "killmyself" as two words, if all of it is known and one is a crisis word."""
        if not _GLUED <= len(word) <= 40:
            return None
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 14), end):
                before, part = best[start], word[start:end]
                if before is None or not self._is_piece(part):
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = (*before, part)
        whole = best[-1]
        if whole is None:
            return None
        said = tuple(w for part in whole for w in self.aliases.get(part, (part,)))
        return said if any(word in self.known for word in said) else None

    def _is_piece(self, part: str) -> bool:
        listed = len(part) > 2 and part in self.aliases
        return listed or part in self.known or part in self.small


def _allowed(word: str, candidate: str) -> int:
    """How many slips may lie between two words."""
    if abs(len(word) - len(candidate)) > 2 or len(candidate) < _SHORTEST:
        return 0
    if word[0] != candidate[0]:
        # "usicide": a slip at the front is only taken for a longer word.
        return 1 if len(candidate) >= 6 else 0
    return 2 if len(candidate) >= _LONG and len(word) >= _LONG - 1 else 1


def _squeeze(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


def speller(table: Mapping[str, Any]) -> Speller:
    """The speller of a rule file; raises KeyError or re.error for an unfit one."""
    vocabulary: Sequence[str] = tuple(table["spelling"])
    plain = Speller(
        aliases={slip: tuple(word.split()) for slip, word in table["aliases"].items()},
        vocabulary=tuple(vocabulary),
        real=frozenset(table["real_words"]) | frozenset(table["small_words"]),
        small=frozenset(table["small_words"]),
        sounds=tuple((re.compile(seen), said) for seen, said in table["sounds"]),
    )
    return Speller(
        aliases=plain.aliases,
        vocabulary=plain.vocabulary,
        real=plain.real,
        small=plain.small,
        sounds=plain.sounds,
        known=frozenset(vocabulary),
        squeezed={_squeeze(word): word for word in reversed(vocabulary)},
        sounded={plain._sound(word): word for word in reversed(vocabulary)},
    )


def lexicon(table: Mapping[str, Any]) -> Lexicon:
    """What `crisis_words.fold` needs of a rule file."""
    spells = speller(table)
    return Lexicon(
        mend=lru_cache(maxsize=8192)(spells.mend),
        knows=spells.knows,
        pairs=dict(table["pairs"]),
    )
