"""What the pages of the wording library call things: states, kinds, and the checks."""

from collections.abc import Iterable, Mapping, Sequence

from screening.domain.wordings import Level, State
from screening.language import library

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Spanish"}
KINDS: Mapping[str, str] = {
    Level.PLAIN: "Plain wording",
    Level.EASY: "Easy wording",
    "": "Explanation",
}
STATES: Mapping[State, tuple[str, str]] = {
    State.PROPOSED: ("Did not pass the checks", "high"),
    State.GATED: ("Waits for signatures", "concern"),
    State.APPROVED: ("Approved", "good"),
    State.RETIRED: ("Retired", ""),
    State.VETOED: ("Vetoed", "urgent"),
}
# What became of a shipped text here, where it no longer awaits its sign-off.
SINCE_SHIPPED: Mapping[State, str] = {
    State.APPROVED: "signed by your clinic",
    State.RETIRED: "no longer used by your clinic",
    State.VETOED: "vetoed by your clinic",
}
# The checks in words of the clinic; the rest are named as they are.
CHECKS: Mapping[str, str] = {
    "never_worded": "This question is never put in other words",
    "length": "Too short or too long",
    "markup": "Links, formatting or hidden characters",
    "language": "Not in the language of the questionnaire",
    "construct": "A part of the official question is missing",
    "topic": "Not about what the question asks",
    "polarity": "Turns the question around",
    "other_item": "Brings in another question’s problem",
    "recall_window": "The two weeks are missing, or another time is named",
    "response_scale": "Does not fit the official answers",
    "one_question": "Must end with exactly one question",
    "asks": "An explanation asks nothing",
    "second_person": "Does not speak to the reader",
    "added": "Adds something that the question does not have",
    "reading_grade": "Too hard to read",
}


def version_name(stand: library.Stand) -> str:
    """Which version this is, in words."""
    return "as shipped" if stand.came_shipped else f"version {stand.version}"


def verdict_lines(verdicts: Iterable[Sequence[str]]) -> list[str]:
    """What the checks found, with the words at fault."""
    lines = []
    for check, span in verdicts:
        said = CHECKS.get(check, f"Not allowed: {check.replace('_', ' ')}")
        lines.append(f"{said}: “{span}”")
    return list(dict.fromkeys(lines))
