"""Crisis language in raw text, by versioned rules: a second net under item 9.

Every text is read with the rules of every language we have, since people mix them.
`urgent` interrupts with help; `concern` is a quiet sign for a person to read. A rule
that is denied ("I would never ...") or said of somebody else never makes `urgent`.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from screening.language import neighbours, tables, words
from screening.language.words import Folded, Mend

Level = Literal["none", "concern", "urgent"]
SHOWN = 300  # of words that an example, not a rule, marked
LONGEST = 20_000  # beyond it the first and the last half are read
_RANK: dict[Level, int] = {"none": 0, "concern": 1, "urgent": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules saw, so that a clinician can see why."""

    level: Level
    words: tuple[str, ...]
    rule_ids: tuple[str, ...]
    version: str
    by_example: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    level: Level
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Book:
    """One language's rules, ready to run."""

    version: str
    rules: tuple[_Rule, ...]
    harmless: tuple[re.Pattern[str], ...]
    denied_before: tuple[re.Pattern[str], ...]
    not_denied_after: tuple[re.Pattern[str], ...]
    others_before: tuple[re.Pattern[str], ...]
    past_after: tuple[re.Pattern[str], ...]
    aliases: dict[str, str]
    spelling: tuple[str, ...]
    real_words: frozenset[str]
    swaps: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Hit:
    rule_id: str
    level: Level
    words: str


def find(text: str, language: str) -> Finding:
    """The highest level that any rule reaches, with the matched words and rule ids."""
    raw = text if len(text) <= LONGEST else _both_ends(text)
    first = tables.short(language)
    order = (first, *(one for one in tables.LANGUAGES if one != first))
    hits = [hit for one in order for hit in _hits(raw, one)]
    hits.sort(key=lambda hit: -_RANK[hit.level])
    return Finding(
        level=hits[0].level if hits else "none",
        words=tuple(dict.fromkeys(hit.words for hit in hits)),
        rule_ids=tuple(dict.fromkeys(hit.rule_id for hit in hits)),
        version="+".join(f"{one}-{book(one).version}" for one in order),
    )


def watch(text: str, language: str) -> Finding:
    """What `find` finds; where that is nothing, a concern if a worrying example is near.

    The example only ever adds a concern, and says that it was it: `by_example`.
    """
    found = find(text, language)
    if found.level != "none":
        return found
    near = neighbours.nearest(text if len(text) <= LONGEST else _both_ends(text))
    if near is None:
        return found
    return replace(
        found,
        level="concern",
        words=(text.strip()[:SHOWN],),
        rule_ids=(f"near:{near.id}",),
        by_example=True,
    )


def _both_ends(text: str) -> str:
    return f"{text[: LONGEST // 2]} . {text[-LONGEST // 2 :]}"


@lru_cache(maxsize=4)
def book(language: str) -> _Book:
    """The rules of a language, compiled once a process."""
    table = tables.table("crisis", language)
    parts = table["parts"]
    place = f"crisis.{language}.json"

    def ready(name: str) -> tuple[re.Pattern[str], ...]:
        return tables.compiled(tuple(table[name]), parts, place=f"{place} {name}")

    return _Book(
        version=table["version"],
        rules=tuple(
            _Rule(
                id=rule["id"],
                level=rule["level"],
                patterns=tables.compiled(
                    tuple(rule["patterns"]), parts, place=f"{place} {rule['id']}"
                ),
            )
            for rule in table["rules"]
        ),
        harmless=ready("harmless"),
        denied_before=_at_end(ready("denied_before")),
        not_denied_after=ready("not_denied_after"),
        others_before=_at_end(ready("others_before")),
        past_after=ready("past_after"),
        aliases=dict(table["aliases"]),
        spelling=tuple(table["spelling"]),
        real_words=frozenset(table["real_words"]),
        swaps=_swapped(tuple(table["swaps"])),
    )


def _swapped(known: tuple[str, ...]) -> dict[str, str]:
    """Each crisis word by its slips of two neighbouring letters: "wnat" is "want"."""
    found = {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]: word
        for word in known
        for at in range(len(word) - 1)
    }
    return {slip: word for slip, word in found.items() if slip not in known}


def _at_end(patterns: tuple[re.Pattern[str], ...]) -> tuple[re.Pattern[str], ...]:
    """The same patterns, but only where the text before a match ends with them."""
    return tuple(re.compile(pattern.pattern + r"\s*$") for pattern in patterns)


@lru_cache(maxsize=4)
def _mender(language: str) -> Mend:
    known = book(language)

    @lru_cache(maxsize=4096)
    def mend(word: str) -> tuple[str, ...]:
        if word in known.aliases:
            return tuple(known.aliases[word].split())
        if word in known.swaps and word not in known.real_words:
            return (known.swaps[word],)
        return (_nearest(word, known) or word,)

    return mend


def _nearest(word: str, known: _Book) -> str | None:
    """The rule word that this is one slip away from (two for a long word)."""
    if len(word) < 5 or word in known.real_words or word in known.spelling:
        return None
    for candidate in known.spelling:
        slips = 2 if len(candidate) >= 8 and len(word) >= 7 else 1
        same_start = candidate[0] == word[0]
        if same_start and OSA.distance(word, candidate, score_cutoff=slips) <= slips:
            return candidate
    return None


def _hits(text: str, language: str) -> list[_Hit]:
    known = book(language)
    folded = words.fold(text, mend=_mender(language))
    clear = _without_harmless(folded.text, known.harmless)
    return [
        _Hit(rule.id, _weighed(rule.level, clear, found, known), _said(folded, found))
        for rule in known.rules
        for pattern in rule.patterns
        for found in pattern.finditer(clear)
    ]


def _without_harmless(text: str, idioms: tuple[re.Pattern[str], ...]) -> str:
    """Blank out what only sounds like danger, at equal length."""
    for idiom in idioms:
        text = idiom.sub(lambda found: "~" * len(found.group()), text)
    return text


def _said(folded: Folded, found: re.Match[str]) -> str:
    return folded.raw_words(found.start(), found.end())


def _weighed(level: Level, text: str, found: re.Match[str], known: _Book) -> Level:
    """An urgent rule that is denied, about another, or long past is a concern."""
    if level != "urgent":
        return level
    before = text[max(0, found.start() - 120) : found.start()].rsplit(words.BREAK, 1)[
        -1
    ]
    after = text[found.end() : found.end() + 120].split(words.BREAK, 1)[0]
    denied = _any(known.denied_before, before) and not _any(
        known.not_denied_after, after
    )
    if denied or _any(known.others_before, before) or _any(known.past_after, after):
        return "concern"
    return level


def _any(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
