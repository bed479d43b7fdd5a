"""Weighs an urgent match: denied, another's, asked about or long past is a concern."""

from screening.language import words
from screening.language.crisis_book import Level, Patterns, Weights

REACH = 140  # characters on either side that weigh a match
Span = tuple[int, int]


def weighed(level: Level, text: str, span: Span, weights: Weights) -> Level:
    """An urgent match that is denied, another's, asked about or past is a concern."""
    if level != "urgent":
        return level
    start, end = span
    before = text[max(0, start - REACH) : start]
    beyond = text[end : end + REACH]
    before = before.rsplit(words.BREAK, 1)[-1]
    after = beyond.split(words.BREAK, 1)[0]
    softened = (
        _denied(before, after, weights)
        or _of_another(before, weights)
        or any_of(weights.asking, before)
        or _past(f"{before} {text[start:end]} {after}", beyond, weights)
        or any_of(weights.joking, f"{before} {after}")
    )
    return "concern" if softened else level


def _denied(before: str, after: str, weights: Weights) -> bool:
    return any_of(weights.denied_before, before) and not (
        any_of(weights.not_denied_before, before)
        or any_of(weights.not_denied_after, after)
    )


def _of_another(before: str, weights: Weights) -> bool:
    """Whether somebody else is spoken of, and the writer no more after that."""
    since = 0
    for pattern in weights.resets:
        since = max([since, *(found.end() for found in pattern.finditer(before))])
    near = before[since:]
    ends = [
        found.end() for pattern in weights.others for found in pattern.finditer(near)
    ]
    return bool(ends) and not any_of(weights.self_words, near[max(ends) :])


def _past(clause: str, beyond: str, weights: Weights) -> bool:
    """Whether it is long ago, by the clause itself or by what is said next of it."""
    past = any_of(weights.past, clause) or any_of(weights.past_next, beyond)
    return past and not any_of(weights.now, clause)


def any_of(patterns: Patterns, text: str) -> bool:
    """Whether one of the patterns stands in the text."""
    return any(pattern.search(text) for pattern in patterns)
