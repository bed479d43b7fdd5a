"""Every frequency that a reply names, read off the closed tables of one language.

Nothing here decides: a reading is a set of option values that the words allow, with a
reason where the words alone do not settle it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from screening.language import tables, words

KEEP = "-–—/%?~,"
UNSETTLED = "boundary"  # a count or a range that two options would fit
_ONE_BY_ONE = re.compile(r"(?:[^\s|]+ \| ){2,}[^\s|]+(?: \|)*")  # "every. single. day."
MARK = "ø"  # stands for words that are the problem itself: "can not sleep"


@dataclass(frozen=True, slots=True)
class Reading:
    """What some words of a reply allow; `reason` is empty where they settle it."""

    rule: str
    values: frozenset[int]
    reason: str
    start: int
    end: int
    event: bool = False  # may date something else: "my mother died last month"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the table: a pattern and how to read what it matched."""

    id: str
    pattern: re.Pattern[str]
    values: frozenset[int]
    reason: str
    count: str
    event: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's tables, compiled."""

    table: Mapping[str, Any]
    days: Mapping[int, frozenset[int]]
    first: tuple[Phrase, ...]
    phrases: tuple[Phrase, ...]
    difficulty: tuple[Phrase, ...]
    known: frozenset[str]
    sounds: Mapping[str, tuple[str, ...]]

    def patterns(self, name: str) -> tuple[re.Pattern[str], ...]:
        """A named list of patterns of this language."""
        return _patterns(self.table["language"], name)


@lru_cache(maxsize=4)
def vocabulary(language: str) -> Vocabulary:
    """The tables of a language, compiled once a process."""
    table = dict(tables.table("interpret", language))
    table["language"] = tables.short(language)
    rows = [(row, _phrase(row, table["parts"])) for row in table["phrases"]]
    return Vocabulary(
        table=table,
        days={int(n): frozenset(v) for n, v in table["days"]["values"].items()},
        first=tuple(phrase for row, phrase in rows if row.get("first")),
        phrases=tuple(phrase for row, phrase in rows if not row.get("first")),
        difficulty=tuple(_phrase(row, table["parts"]) for row in table["difficulty"]),
        known=frozenset(
            [*table["vocabulary"], *table["common"], *table["numbers"]]
            + [word for text in table["aliases"].values() for word in text.split()]
        ),
        sounds=_by_sound(table),
    )


def _by_sound(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    meant = {word: str(number) for word, number in table["numbers"].items()}
    for word in (*table["vocabulary"], *meant):
        sound = _sound(word, table["sounds"])
        same = {*found.get(sound, ()), meant.get(word, word)}
        found[sound] = tuple(sorted(same))
    return found


@lru_cache(maxsize=64)
def _patterns(language: str, name: str) -> tuple[re.Pattern[str], ...]:
    table = tables.table("interpret", language)
    return tables.compiled(
        tuple(table[name]), table["parts"], place=f"interpret.{language}.json {name}"
    )


@lru_cache(maxsize=64)
def about(language: str, concept: str, name: str) -> tuple[re.Pattern[str], ...]:
    """A named list of patterns in which <SYMPTOM> is the problem that an item asks of."""
    table = tables.table("interpret", language)
    problem = "|".join([*table["symptoms"].get(concept, ()), *table["symptoms"]["any"]])
    own = "|".join(table["symptoms"].get(concept, ("(?!)",)))
    opposite = "|".join(table["opposites"].get(concept, ("(?!)",)))
    parts = {**table["parts"], "SYMPTOM": problem, "OWN": own, "OPPOSITE": opposite}
    place = f"interpret.{language}.json {name} of {concept}"
    return tables.compiled(tuple(table[name]), parts, place=place)


def _phrase(row: Mapping[str, Any], parts: Mapping[str, str]) -> Phrase:
    (pattern,) = tables.compiled(
        (row["pattern"],), parts, place=f"interpret {row['id']}"
    )
    return Phrase(
        id=row["id"],
        pattern=pattern,
        values=frozenset(row.get("values", ())),
        reason=row.get("reason", ""),
        count=row.get("count", ""),
        event=bool(row.get("event")),
    )


def folded(text: str, language: str) -> str:
    """The reply as plain words, spelling mended against the closed vocabulary only."""
    plain = words.fold(text, mend=_mender(tables.short(language)), keep=KEEP).text
    plain = re.sub(r"(?<=[a-z]) [-–—~] (?=[a-z])", " ", plain)
    # A comma ends a clause, but not between two numbers: "2, maybe 3 days".
    plain = re.sub(r"(?<=\d) , (?=(?:[a-z]+ ){0,2}\d)", " ", plain)
    plain = plain.replace(" , ", " | ").replace(",", words.BREAK)
    return plain.replace(" |", "") if _ONE_BY_ONE.fullmatch(plain) else plain


@lru_cache(maxsize=4)
def _mender(language: str) -> words.Mend:
    known = vocabulary(language)
    numbers, aliases = known.table["numbers"], known.table["aliases"]

    @lru_cache(maxsize=4096)
    def mend(word: str) -> tuple[str, ...]:
        meant = aliases[word].split() if word in aliases else _apart(word, known)
        return tuple(str(numbers.get(one, one)) for one in meant)

    return mend


def _apart(word: str, known: Vocabulary) -> list[str]:
    """The word meant, or the two that were typed without the space between them."""
    near = _nearest(word, known)
    listed = known.table["vocabulary"]
    if near == word and word not in known.known:
        for at in range(3, len(word) - 2):
            if word[:at] in listed and word[at:] in listed:
                return [word[:at], word[at:]]
    return [near]


def _nearest(word: str, known: Vocabulary) -> str:
    """The word meant by a slip of the ear or the finger, if just one of the table fits."""
    if len(word) < 4 or word in known.known or not word.isalpha():
        return word
    sound = _sound(word, known.table["sounds"])
    if len(alike := known.sounds.get(sound, ())) == 1:
        return alike[0]
    fits = {one for one in known.table["vocabulary"] if _slipped(word, one)}
    return fits.pop() if len(fits) == 1 else word


def _slipped(word: str, meant: str) -> bool:
    """One slip away, two in a long word; the first letter is seldom the wrong one."""
    same_start = meant[0] == word[0]
    slips = 2 if len(word) >= 9 and same_start else 1
    if not same_start and len(word) < 7:
        return False
    return bool(OSA.distance(word, meant, score_cutoff=slips) <= slips)


def _sound(word: str, sounds: Iterable[tuple[str, str]]) -> str:
    """The word as it sounds, so far as people who spell by ear differ: "barios"."""
    for letters, sound in sounds:
        word = re.sub(letters, sound, word)
    return word


def readings(text: str, language: str) -> list[Reading]:
    """All that folded text says about how often, the longest phrases first."""
    known = vocabulary(tables.short(language))
    found: list[Reading] = []
    text = _take(text, known.first, known, found)
    text = blanked(text, known.patterns("recall"))
    _take(marked(text, known), known.phrases, known, found)
    return found


def blanked(text: str, patterns: tuple[re.Pattern[str], ...], mark: str = "~") -> str:
    """The text with what the patterns match taken out, at equal length."""
    for pattern in patterns:
        text = pattern.sub(lambda match: mark * len(match.group()), text)
    return text


def marked(text: str, known: Vocabulary) -> str:
    """The text with each "not" that is the problem itself marked: "can not sleep"."""
    return blanked(text, known.patterns("symptom_negations"), MARK)


def difficulty_readings(text: str, language: str) -> list[Reading]:
    """All that folded text says about how difficult."""
    known = vocabulary(tables.short(language))
    found: list[Reading] = []
    _take(text, known.difficulty, known, found)
    return found


def _take(
    text: str, phrases: tuple[Phrase, ...], known: Vocabulary, found: list[Reading]
) -> str:
    """Collect the readings; words that were read once are blanked, at equal length."""
    for phrase in phrases:
        for match in list(phrase.pattern.finditer(text)):
            found.append(_reading(phrase, match, known))
            blank = "~" * len(match.group())
            text = text[: match.start()] + blank + text[match.end() :]
    return text


def _reading(phrase: Phrase, match: re.Match[str], known: Vocabulary) -> Reading:
    values, reason = phrase.values, phrase.reason
    if phrase.count:
        values, reason = _counted(phrase.count, match, known)
    if not reason and len(values) != 1:
        reason = UNSETTLED
    return Reading(phrase.id, values, reason, *match.span(), phrase.event)


def _counted(
    kind: str, match: re.Match[str], known: Vocabulary
) -> tuple[frozenset[int], str]:
    """The values that a number of days allows, and why they are not settled."""
    named = match.groupdict()
    low, high = (_number(named.get(name) or named["count"], known) for name in ENDS)
    if kind == "bare":
        return _bare(low, known), "bare_number"
    span = _bounded(low, high, _bound(match, known))
    if kind == "week":
        span = [2 * n for n in _bounded(low, high, _bound(match, known), most=7)]
    if kind == "over_week":
        span = [7 + n for n in span]
    if kind == "sum":
        span = [int(low + high)]
    if kind == "left":
        span = [known.table["days"]["of"] - n for n in span]
    values = frozenset().union(*(known.days.get(n, frozenset()) for n in span))
    if not span or any(n not in known.days for n in span):
        return values or frozenset(range(4)), "other_period"
    if kind == "times" and not set(span) <= set(range(7)):
        return values | {1}, "times"
    if kind == "range" and named.get("unit") is None:
        return values, "bare_number"
    return values, ""


ENDS = ("low", "high")


def _number(text: str, known: Vocabulary) -> float:
    counted: Mapping[str, int] = known.table["counted_words"]
    return float(counted.get(text, text.replace(",", ".")))


def _bare(number: float, known: Vocabulary) -> frozenset[int]:
    """A bare number may be days, or the place of an option: both are offered."""
    whole = int(number)
    options = frozenset({whole} if whole in range(4) else ())
    return known.days.get(whole, frozenset()) | options or frozenset(range(4))


def _bound(match: re.Match[str], known: Vocabulary) -> str:
    """Which side is open: "from", "over", "to", "under" or neither."""
    named = match.groupdict()
    said = f"{named.get('bound') or ''} {named.get('after') or ''}".strip()
    bounds: dict[str, list[str]] = known.table["bounds"]
    return next((side for side, listed in bounds.items() if said in listed), "")


def _bounded(low: float, high: float, side: str, *, most: int = 14) -> list[int]:
    """The whole days that two ends and a bound allow."""
    down, up = int(low), int(high) + (high != int(high))
    if down > up or up > 31:
        return []
    spans: Mapping[str, Iterator[int] | range] = {
        "": range(down, up + 1),
        "from": range(down, most + 1),
        "over": range(down + 1, most + 1),
        "to": range(up + 1),
        "under": range(up),
    }
    return list(spans[side])
