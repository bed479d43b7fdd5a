"""Free words to one proposed option, a question back, a refusal or nothing.

Plain rules only. A wrong option proposed is the error that matters; asking is cheap.
Nothing that comes out of here counts until the patient confirms it.
"""

import re
from dataclasses import dataclass

from screening.domain.instruments import Instrument, Item
from screening.language import readings, tables
from screening.language.readings import Reading, Vocabulary

LONGEST = 1_000  # a longer reply is a story, not one answer
_ALL = frozenset(range(4))


@dataclass(frozen=True, slots=True)
class Proposed:
    """One option, to be confirmed."""

    value: int
    why: str


@dataclass(frozen=True, slots=True)
class AskBack:
    """Words that more than one option would fit; `values` are the likely ones."""

    reason_code: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """The person would rather not answer, which is not the same as zero."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """No rule could read an answer."""


Meaning = Proposed | AskBack | Declined | Unclear


def interpret(text: str, instrument: Instrument, item: Item) -> Meaning:
    """What a typed reply to an item most likely means."""
    if len(text) > LONGEST:
        return Unclear()
    language = instrument.language
    plain = readings.folded(text, language)
    if (value := _official(plain, item, language)) is not None:
        return Proposed(value, "official")
    match item.kind:
        case "frequency" if {option.value for option in item.options} == _ALL:
            return _frequency(plain, language)
        case "difficulty" if {option.value for option in item.options} == _ALL:
            return _difficulty(plain, language)
        case "yes_no":
            return _yes_no(plain, item, language)
        case _:
            return Declined() if _declines(plain, language) else Unclear()


def is_question(text: str, language: str) -> bool:
    """Whether a person asks about the item rather than answers it."""
    known = _known(language)
    plain = readings.folded(text[: 2 * LONGEST], language)
    clauses = [clause.strip() for clause in plain.split("|") if clause.strip()]
    if any(_whole(known, "question", clause) for clause in clauses):
        return True
    if _anywhere(known, "question_anywhere", plain):
        return True
    return "?" in plain and not readings.readings(plain, language)


def _known(language: str) -> Vocabulary:
    return readings.vocabulary(tables.short(language))


def _official(plain: str, item: Item, language: str) -> int | None:
    """The option whose official text was typed, whatever the case and accents."""
    bare = plain.replace("|", " ").split()
    for option in item.options:
        official = readings.folded(option.text, language).replace("|", " ").split()
        if bare and bare == official:
            return option.value
    return None


def _whole(known: Vocabulary, name: str, plain: str) -> bool:
    bare = plain.replace("|", " ").strip()
    return any(pattern.fullmatch(bare) for pattern in known.patterns(name))


def _anywhere(known: Vocabulary, name: str, plain: str) -> bool:
    return any(pattern.search(plain) for pattern in known.patterns(name))


def _declines(plain: str, language: str) -> bool:
    known = _known(language)
    bare = " ".join(plain.replace("|", " ").replace("?", " ").split())
    return _whole(known, "declined_whole", bare) or _anywhere(known, "declined", bare)


def _yes_no(plain: str, item: Item, language: str) -> Meaning:
    known = _known(language)
    if _declines(plain, language):
        return Declined()
    bare = " ".join(plain.replace("|", " ").split())
    for name, wanted in (("yes", 1), ("no", 0)):
        fits = any(option.value == wanted for option in item.options)
        if fits and _whole(known, name, bare):
            return Proposed(wanted, name)
    return Unclear()


def _frequency(plain: str, language: str) -> Meaning:
    known = _known(language)
    if _declines(plain, language):
        return _refused(plain, known, language)
    found = readings.readings(plain, language)
    clear = [one for one in found if not one.reason]
    if _anywhere(known, "unknown", plain):
        return AskBack("unsure", _values(clear)) if clear else Unclear()
    if not found:
        return _bare_yes_or_no(plain, known)
    return _combined(_with_days(found, known), plain, known)


def _refused(plain: str, known: Vocabulary, language: str) -> Meaning:
    """Declined, unless an answer stands beside the refusal."""
    for pattern in known.patterns("declined"):
        plain = pattern.sub("|", plain)
    clear = [one for one in readings.readings(plain, language) if not one.reason]
    return AskBack("refusal_and_answer", _values(clear)) if clear else Declined()


def _bare_yes_or_no(plain: str, known: Vocabulary) -> Meaning:
    bare = " ".join(plain.replace("|", " ").replace("?", " ").split())
    if _whole(known, "no", bare):
        return Proposed(0, "no")
    if _whole(known, "yes", bare):
        return AskBack("yes", (1, 2, 3))
    return Unclear()


def _with_days(found: list[Reading], known: Vocabulary) -> list[Reading]:
    """A bare number beside a clear frequency is read as days, or as no answer."""
    clear = any(not one.reason for one in found)
    return [
        Reading(one.rule, one.values, "", one.start, one.end)
        if clear and one.reason == "bare_number" and len(one.values) == 1
        else one
        for one in found
    ]


def _combined(found: list[Reading], plain: str, known: Vocabulary) -> Meaning:
    """One option if all the words agree and none is turned round, else a question."""
    clear = [one for one in found if not one.reason]
    open_ones = [one for one in found if one.reason]
    values = frozenset().union(*(one.values for one in clear))
    if not clear:
        first = min(open_ones, key=lambda one: (len(one.values), one.start))
        return AskBack(first.reason, _values([first]))
    if len(values) > 1:
        return AskBack("two_answers", tuple(sorted(values)))
    (value,) = values
    others = [one for one in open_ones if one.reason not in readings.SHADES]
    if value == 0:
        others = [one for one in others if one.reason != "well"]
    if others:
        return AskBack(others[0].reason, _values([*clear, *_narrow(others)]))
    if value == 0 and not _nothing_else(clear, plain, known):
        return AskBack("turned_round", (0, 3))
    if value and (doubt := _turned_round(value, clear, plain, known)):
        return AskBack(doubt, (0, value))
    return Proposed(value, clear[0].rule)


def _nothing_else(clear: list[Reading], plain: str, known: Vocabulary) -> bool:
    """Whether a zero word stands alone, but for words that say nothing.

    "Never" beside anything else may be the worst answer: "I never stop worrying".
    """
    left = _blanked(plain, clear)
    for name in ("recall", "filler", "emphasis"):
        for pattern in known.patterns(name):
            left = pattern.sub(lambda found: "~" * len(found.group()), left)
    return not re.search(r"[^\W_]", left)


def _blanked(plain: str, clear: list[Reading]) -> str:
    """The words that no frequency phrase used, each where it stood."""
    for one in clear:
        blank = "~" * (one.end - one.start)
        plain = plain[: one.start] + blank + plain[one.end :]
    return plain


def _narrow(found: list[Reading]) -> list[Reading]:
    """Those that point somewhere; a reading that fits every option points nowhere."""
    return [one for one in found if len(one.values) < len(_ALL)]


def _values(found: list[Reading]) -> tuple[int, ...]:
    return tuple(sorted(frozenset().union(*(one.values for one in found))))


def _turned_round(
    value: int, clear: list[Reading], plain: str, known: Vocabulary
) -> str:
    """Why the frequency may be of the opposite: "I sleep well every night"."""
    said = set(plain.split())
    good = bool(said & set(known.table["good_words"]))
    trouble = bool(_outside(plain, clear) & set(known.table["trouble_words"]))
    if _anywhere(known, "others", plain):
        return "somebody_else"
    if any(_negated(one, plain, known) for one in clear):
        return "negated"
    if value > 1 and _denied(clear, plain, known):
        return "negated"
    return "turned_round" if good and not trouble else ""


def _denied(clear: list[Reading], plain: str, known: Vocabulary) -> bool:
    """A "not" anywhere else, unless it is the problem: "every day I am not sad"."""
    left = _blanked(plain, clear)
    for name in ("emphasis", "symptom_negations"):
        for pattern in known.patterns(name):
            left = pattern.sub("~", left)
    return _anywhere(known, "negators", left)


def _outside(plain: str, clear: list[Reading]) -> set[str]:
    """The words that no frequency phrase used; "no trouble" counts as used trouble."""
    if any("trouble" in _part(one, plain) for one in clear):
        return set(plain.split())
    return set(_blanked(plain, clear).split())


def _part(one: Reading, plain: str) -> str:
    return plain[one.start : one.end]


def _negated(one: Reading, plain: str, known: Vocabulary) -> bool:
    """A "not" shortly before, unless it is part of the problem ("cannot sleep")."""
    before = plain[: one.start].rsplit("|", 1)[-1]
    for pattern in known.patterns("symptom_negations"):
        before = pattern.sub("~", before)
    near = " ".join(before.split()[-6:])
    return any(pattern.search(near) for pattern in known.patterns("negators"))


def _difficulty(plain: str, language: str) -> Meaning:
    if _declines(plain, language):
        return Declined()
    found = readings.difficulty_readings(plain, language)
    if not found:
        return Unclear()
    values = frozenset().union(*(one.values for one in found))
    known = _known(language)
    negated = any(_negated(one, plain, known) for one in found)
    doubt = values == {0} and not _nothing_else(found, plain, known)
    if doubt:
        return AskBack("turned_round", (0, 3))
    if len(values) == 1 and not negated and not any(one.reason for one in found):
        return Proposed(min(values), found[0].rule)
    return AskBack(found[0].reason or "two_answers", tuple(sorted(values)))
