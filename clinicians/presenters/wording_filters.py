"""The filters of the wordings page, read from its address."""

from collections.abc import Mapping, Sequence

from clinicians.presenters.filters import Choice, Wanted
from clinicians.presenters.wording_words import KINDS, LANGUAGES, STATES
from clinicians.presenters.wordings import Entry
from screening import definitions

TO_SIGN = "to-sign"
_EXPLAINS = "explanation"


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Read the address: what is not understood is said, and the rest holds."""
    choices, problems = [], []
    for name, label, options in _choices():
        value = given.get(name, "").strip()
        if value and value not in options:
            problems.append(
                f"“{value[:40]}” is not known under “{label}”. "
                "That filter was left out; the others hold."
            )
            value = ""
        choices.append(Choice(name, label, options, value))
    return Wanted(choices, problems)


def _choices() -> list[tuple[str, str, Mapping[str, str]]]:
    wordable = {
        one.id: one.short_name
        for one in definitions.load_all().values()
        if any(item.wordable for item in one.items)
    }
    states = {state.value: text for state, (text, _) in STATES.items()}
    return [
        ("instrument", "Questionnaire", wordable),
        ("language", "Language", LANGUAGES),
        ("level", "Kind", {level or _EXPLAINS: text for level, text in KINDS.items()}),
        ("state", "State", {TO_SIGN: "Waits for my signature", **states}),
    ]


def narrowed(entries: Sequence[Entry], wanted: Wanted, role: str) -> list[Entry]:
    """The texts that the filters leave, in their order."""
    return [entry for entry in entries if _fits(entry, wanted, role)]


def _fits(entry: Entry, wanted: Wanted, role: str) -> bool:
    instrument, language = wanted.value_of("instrument"), wanted.value_of("language")
    level, state = wanted.value_of("level"), wanted.value_of("state")
    return (
        (not instrument or instrument in {one.id for _, one in entry.asked})
        and language in ("", entry.language)
        and level in ("", entry.level or _EXPLAINS)
        and (
            entry.to_sign(role)
            if state == TO_SIGN
            else state in ("", entry.stand.state)
        )
    )
