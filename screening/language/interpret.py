"""Free words to one proposed option, a question back, a refusal or nothing.

Plain rules only. A wrong option proposed is the error that matters; asking is cheap.
Nothing that comes out of here counts until the patient confirms it.
"""

from dataclasses import dataclass

from screening.domain.instruments import Instrument, Item
from screening.language import phrasebook, polarity, readings, spelling, tables
from screening.language.phrasebook import Vocabulary
from screening.language.readings import Reading

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
    plain = spelling.folded(text, language)
    if _anywhere(_known(language), "instructions", plain):
        return Unclear()
    if (value := _official(plain, item, language)) is not None:
        return Proposed(value, "official")
    match item.kind:
        case "frequency" if {option.value for option in item.options} == _ALL:
            return _frequency(plain, language, item.concept)
        case "difficulty" if {option.value for option in item.options} == _ALL:
            return _difficulty(plain, language)
        case "yes_no":
            return _yes_no(plain, item, language)
        case _:
            return Declined() if _declines(plain, language) else Unclear()


def is_question(text: str, language: str) -> bool:
    """Whether a person asks about the item rather than answers it."""
    known = _known(language)
    plain = spelling.folded(text[: 2 * LONGEST], language)
    clauses = [clause.strip() for clause in plain.split("|") if clause.strip()]
    if _anywhere(known, "question_anywhere", plain):
        return True
    if _declines(plain, language):
        return False
    if any(_whole(known, "question", clause) for clause in clauses):
        return True
    if "?" not in plain:
        return False
    found = readings.readings(plain, language)
    # "terrible like what?": words that point at no option do not make an answer.
    return all(one.values == _ALL for one in found)


def _known(language: str) -> Vocabulary:
    return phrasebook.vocabulary(tables.short(language))


def _official(plain: str, item: Item, language: str) -> int | None:
    """The option whose official text was typed, whatever the case and accents."""
    bare = plain.replace("|", " ").split()
    for option in item.options:
        official = spelling.folded(option.text, language).replace("|", " ").split()
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
    curt = readings.blanked(bare, known.patterns("courtesy"), " ")
    whole = any(
        _whole(known, "declined_whole", " ".join(said.split())) for said in (bare, curt)
    )
    return whole or _anywhere(known, "declined", bare)


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


def _frequency(plain: str, language: str, concept: str) -> Meaning:
    known = _known(language)
    if _declines(plain, language):
        return _refused(plain, known, language)
    found = readings.readings(plain, language)
    clear = [one for one in found if not one.reason]
    if _anywhere(known, "unknown", readings.blanked(plain, known.patterns("emphasis"))):
        return AskBack("unsure", _values(clear)) if clear else Unclear()
    if polarity.denies(plain, known, concept):
        return Proposed(0, "denied")
    if found:
        return _combined(found, polarity.Reply(plain, tuple(found), known, concept))
    return _without_frequency(plain, known, concept)


def _refused(plain: str, known: Vocabulary, language: str) -> Meaning:
    """Declined, unless an answer stands beside the refusal."""
    for pattern in known.patterns("declined"):
        plain = pattern.sub("|", plain)
    clear = [one for one in readings.readings(plain, language) if not one.reason]
    return AskBack("refusal_and_answer", _values(clear)) if clear else Declined()


def _without_frequency(plain: str, known: Vocabulary, concept: str) -> Meaning:
    bare = " ".join(plain.replace("|", " ").replace("?", " ").split())
    if _whole(known, "no", bare):
        return Proposed(0, "no")
    hedged = readings.blanked(bare, known.patterns("filler"), " ")
    if _whole(known, "yes", bare) or _whole(known, "yes", " ".join(hedged.split())):
        return AskBack("yes", (1, 2, 3))
    if polarity.names_problem(plain, known, concept):
        return AskBack("how_often", (1, 2, 3))
    return Unclear()


def _combined(found: list[Reading], reply: polarity.Reply) -> Meaning:
    """One option if all the words agree and none is turned round, else a question."""
    clear = [one for one in found if not one.reason]
    if not clear:
        first = min(found, key=lambda one: (len(one.values), one.start))
        return AskBack(first.reason, _values([first]))
    values = frozenset().union(*(one.values for one in clear))
    if len(values) > 1:
        return AskBack("two_answers", tuple(sorted(values)))
    (value,) = values
    if value == 0 and not polarity.stands_alone(reply):
        return AskBack("turned_round", (0, 3))
    asked = polarity.unsettled(value, reply)
    if asked:
        return AskBack(asked[0].reason, _values([*clear, *_narrow(asked)]))
    if doubt := polarity.doubt(value, reply):
        return AskBack(doubt, (0, value))
    return Proposed(value, clear[0].rule)


def _narrow(found: list[Reading]) -> list[Reading]:
    """Those that point somewhere; a reading that fits every option points nowhere."""
    return [one for one in found if len(one.values) < len(_ALL)]


def _values(found: list[Reading]) -> tuple[int, ...]:
    return tuple(sorted(frozenset().union(*(one.values for one in found))))


def _difficulty(plain: str, language: str) -> Meaning:
    if _declines(plain, language):
        return Declined()
    if _anywhere(_known(language), "unknown", plain):
        return Unclear()
    found = readings.difficulty_readings(plain, language)
    if any(not one.reason for one in found):
        # "Yes, very hard": how hard says it all.
        found = [one for one in found if one.rule != "yes"]
    if {v for one in found if not one.reason for v in one.values} in ({2}, {3}):
        # "Extremely hard, I can not do anything": told again in other words.
        found = [one for one in found if one.rule != "struggle"]
    if not found:
        return Unclear()
    return _how_hard(found, polarity.Reply(plain, tuple(found), _known(language), ""))


def _how_hard(found: list[Reading], reply: polarity.Reply) -> Meaning:
    values = frozenset().union(*(one.values for one in found))
    if values == {0} and not polarity.stands_alone(reply):
        return AskBack("turned_round", (0, 3))
    settled = len(values) == 1 and not any(one.reason for one in found)
    if settled and not polarity.negated(reply):
        return Proposed(min(values), found[0].rule)
    return AskBack(found[0].reason or "two_answers", tuple(sorted(values)))
