"""Every frequency that a reply names, read off the closed tables of one language.

Nothing here decides: a reading is a set of option values that the words allow, with a
reason where the words alone do not settle it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from screening.language import tables
from screening.language.phrasebook import Phrase, Vocabulary, vocabulary

UNSETTLED = "boundary"  # a count or a range that two options would fit
AMONG_OPTIONS = 4  # a number below may be the place of an option
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


def readings(text: str, language: str) -> list[Reading]:
    """All that folded text says about how often, the longest phrases first."""
    known = vocabulary(tables.short(language))
    found: list[Reading] = []
    text = _take(text, known.first, known, found)
    text = blanked(text, known.patterns("remainder"))
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
    span = _span(kind, low, high, _bound(match, known), known)
    values = frozenset().union(*(known.days.get(n, frozenset()) for n in span))
    if not span or any(n not in known.days for n in span):
        return values or frozenset(range(4)), "other_period"
    if kind == "times" and not set(span) <= set(range(7)):
        return values | {1}, "times"
    if kind == "range" and named.get("unit") is None and low < AMONG_OPTIONS:
        return values, "bare_number"
    return values, ""


def _span(
    kind: str, low: float, high: float, side: str, known: Vocabulary
) -> list[int]:
    """The days of the fourteen that a count of this kind allows."""
    match kind:
        case "week":
            return [2 * n for n in _bounded(low, high, side, most=7)]
        case "left":
            whole = known.table["days"]["of"]
            return [whole - n for n in _bounded(low, high, side)]
        case "over_week":
            return [7 + n for n in _bounded(low, high, side)]
        case "sum":
            return [int(low + high)]
        case _:
            return _bounded(low, high, side)


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
