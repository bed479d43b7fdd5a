"""Whether the words around a frequency deny the problem, or turn the frequency round.

"Never" is the best answer beside "sad" and the worst beside "stop worrying". So a zero
needs every word of the reply accounted for, and any other answer a reply in which
nothing denies the problem or praises its opposite.
"""

import re
from dataclasses import dataclass

from screening.language import phrasebook, readings, words
from screening.language.phrasebook import Vocabulary
from screening.language.readings import MARK, Reading

# Beside a clear frequency these say nothing about how often.
SHADES = frozenset({"intensity", "than_usual", "now", "within_day"})
# These leave more than one option open: a clear frequency among them settles it.
OPEN = frozenset({"boundary", "fraction", "often", "times", "unclear_days", "week"})
NEAR = 6  # words before a frequency in which a "not" is taken to be its own
SHORT = 3  # a clause of so few words has no subject of its own


@dataclass(frozen=True, slots=True)
class Reply:
    """A folded reply with all that was read in it, and the item it answers."""

    plain: str
    found: tuple[Reading, ...]
    known: Vocabulary
    concept: str

    @property
    def clear(self) -> tuple[Reading, ...]:
        """The readings that settle on one option."""
        return tuple(one for one in self.found if not one.reason)

    @property
    def left(self) -> str:
        """The words that no reading used, each where it stood; problems are marked."""
        text = self.plain
        for one in self.found:
            if one.reason not in SHADES:
                blank = "~" * (one.end - one.start)
                text = text[: one.start] + blank + text[one.end :]
        text = readings.blanked(text, self.known.patterns("remainder"), " ")
        text = readings.blanked(text, self.known.patterns("recall"), " ")
        text = readings.blanked(text, self.known.patterns("emphasis"), " ")
        return readings.marked(text, self.known)

    def names(self, name: str, text: str) -> bool:
        """Whether a named list of patterns occurs in the text."""
        return any(pattern.search(text) for pattern in self.known.patterns(name))


def _clauses(text: str) -> list[str]:
    return [part.strip() for part in text.split(words.BREAK) if part.strip(" ?")]


def denies(plain: str, known: Vocabulary, concept: str) -> bool:
    """Whether each clause says "no", and at least one that the problem was absent."""
    for pattern in known.patterns("no_then"):
        plain = pattern.sub(f"no {words.BREAK} ", plain)
    kinds = [_kind(clause, known, concept) for clause in _clauses(plain)]
    return "zero" in kinds and "other" not in kinds


def _kind(clause: str, known: Vocabulary, concept: str) -> str:
    """One clause: a zero, words that say nothing, wellbeing, or something else."""
    language = known.table["language"]
    bare = readings.blanked(clause, known.patterns("emphasis"))
    bare = readings.blanked(bare, known.patterns("recall"))
    bare = " ".join(bare.replace("~", " ").replace("?", " ").split())
    if any(pattern.fullmatch(bare) for pattern in known.patterns("no")):
        return "zero"
    denials = phrasebook.about(language, concept, "denial")
    if any(pattern.fullmatch(bare) for pattern in denials):
        return "zero"
    found = tuple(
        one for one in readings.readings(clause, language) if one.reason not in SHADES
    )
    zero = all(one.values == {0} and not one.reason for one in found)
    if zero and stands_alone(Reply(clause, found, known, concept)):
        return "zero" if found else "empty"
    well = any(pattern.fullmatch(bare) for pattern in known.patterns("wellbeing"))
    return "well" if well or _says_well(bare, known, concept) else "other"


def _says_well(clause: str, known: Vocabulary, concept: str) -> bool:
    """Whether a clause tells of being well: "I have been patient"."""
    found = readings.readings(clause, known.table["language"])
    reply = Reply(clause, tuple(one for one in found if one.reason), known, concept)
    if len(found) > len(reply.found) or reply.names("negators", clause):
        return False
    said = reply.names("self_is", clause) and _good(clause, reply)
    return said and not _troubled(clause, reply)


def stands_alone(reply: Reply) -> bool:
    """Whether what was read is the whole reply, but for words that say nothing."""
    if reply.names("remainder", reply.plain):
        return False  # "never, fine the rest": some days were not
    left = readings.blanked(reply.left, reply.known.patterns("filler"))
    return not re.search(r"[^\W_]", left)


def names_problem(plain: str, known: Vocabulary, concept: str) -> bool:
    """Whether the item's problem is stated, without saying how often."""
    if MARK in readings.marked(plain, known):
        return True
    own = phrasebook.about(known.table["language"], concept, "own_problem")
    return any(pattern.search(plain) for pattern in own)


def unsettled(value: int, reply: Reply) -> list[Reading]:
    """The readings that leave it open whether this option was meant."""
    return [one for one in reply.found if one.reason and _asks(one, value, reply)]


def _asks(one: Reading, value: int, reply: Reply) -> bool:
    if one.reason in SHADES:
        return False
    if one.reason in OPEN:
        return value not in one.values
    if one.reason == "bare_number":
        return not _counts_something_else(one, reply) and value not in one.values
    if one.reason == "depends":
        return not any(_of_days(clear, reply) for clear in reply.clear)
    return not (one.event and _dates_something_else(one, reply))


def _of_days(one: Reading, reply: Reply) -> bool:
    """Whether a frequency counts days, so that a condition cannot change it."""
    said = reply.plain[one.start : one.end]
    days = any(pattern.search(said) for pattern in reply.known.patterns("days_word"))
    return days or one.values <= {1, 2}


def _counts_something_else(one: Reading, reply: Reply) -> bool:
    """ "2 kids": a number with a noun of its own, or too great for 14 days."""
    number = reply.plain[one.start : one.end]
    after = reply.plain[one.end :].split()
    linking = reply.known.table["linking"]
    counted = bool(after) and after[0].isalpha() and after[0] not in linking
    # "The second" is an open number too, and has no digits.
    digits = re.search(r"\d+", number)
    most = int(reply.known.table["days"]["of"])
    return counted or (digits is not None and int(digits.group()) > most)


def _dates_something_else(one: Reading, reply: Reply) -> bool:
    """Whether a period belongs to a clause with other content and no frequency."""
    start, end = _bounds(one, reply)
    if any(start <= clear.start < end for clear in reply.clear):
        return False
    rest = reply.left[start : one.start] + reply.left[one.end : end]
    return bool(re.search(r"[^\W\d_]{3,}", rest))


def _bounds(one: Reading, reply: Reply) -> tuple[int, int]:
    """Where the clause of a reading begins and ends: at a break or a conjunction."""
    cuts = [0, len(reply.plain)]
    for pattern in reply.known.patterns("conjunctions"):
        for cut in pattern.finditer(reply.plain):
            cuts += [cut.start(), cut.end()]
    start = max(cut for cut in cuts if cut <= one.start)
    return start, min(cut for cut in cuts if cut >= one.end)


def doubt(value: int, reply: Reply) -> str:
    """Why the frequency may be of the opposite: "I sleep well every night"."""
    if _of_somebody_else(reply) or reply.names("reported", reply.plain):
        return "somebody_else"
    if reply.names("elsewhen", reply.left):
        return "other_period"
    if negated(reply) or _denied_beside(value, reply):
        return "negated"
    mastered = reply.names("mastery", reply.left)
    turned = mastered or _well(reply) or _unexplained(reply)
    return "turned_round" if turned else ""


def _unexplained(reply: Reply) -> bool:
    """Whether what is done so often is no trouble that any list knows: "I sing daily".

    The good things of life cannot be listed, so the frequency of something unknown is
    asked about rather than taken for the frequency of the problem.
    """
    if _troubled(reply.left, reply) or reply.names("trouble_signs", reply.left):
        return False
    neutral = set(reply.known.table["neutral_words"])
    left = readings.blanked(reply.left, reply.known.patterns("filler"), " ")
    for clause in _split(left, reply):
        if "~" in clause:
            rest = readings.blanked(clause, reply.known.patterns("neutral"), " ")
            if set(re.findall(r"[a-z]{2,}", rest)) - neutral:
                return True
    return False


def _well(reply: Reply) -> bool:
    """Whether good words stand beside the frequency, or anywhere, and no trouble does."""
    beside = " ".join(clause for clause in _split(reply.left, reply) if "~" in clause)
    return any(
        _good(text, reply) and not _troubled(text, reply)
        for text in (beside, reply.left)
    )


def _good(text: str, reply: Reply) -> bool:
    good = set(reply.known.table["good_words"])
    said = not good.isdisjoint(text.split()) or reply.names("good_phrases", text)
    return said or _names("own_opposite", text, reply)


def _troubled(text: str, reply: Reply) -> bool:
    """Whether a word of trouble stands beside the frequency."""
    if MARK in text or any("trouble" in _part(one, reply) for one in reply.clear):
        return True
    trouble = set(reply.known.table["trouble_words"])
    said = not trouble.isdisjoint(text.split())
    return (
        said
        or reply.names("trouble_phrases", text)
        or _names("own_problem", text, reply)
    )


def _names(name: str, text: str, reply: Reply) -> bool:
    """Whether a list of patterns about the item's own problem occurs in the text."""
    listed = phrasebook.about(reply.known.table["language"], reply.concept, name)
    return any(pattern.search(text) for pattern in listed)


def _part(one: Reading, reply: Reply) -> str:
    return reply.plain[one.start : one.end]


def _of_somebody_else(reply: Reply) -> bool:
    """Whether another person is spoken of, and the speaker not after that."""
    for pattern in reply.known.patterns("others"):
        for other in pattern.finditer(reply.plain):
            if reply.names("self", reply.plain[other.end() :]):
                continue
            if not _is_a_cause(other.start(), reply):
                return True
    return False


def _is_a_cause(start: int, reply: Reply) -> bool:
    """ "3 days, when my boss was here": another person who only dates the answer."""
    before = reply.plain[:start].replace(words.BREAK, " ").split()
    causal = before[-1:] and before[-1] in reply.known.table["subordinators"]
    return bool(causal) and all(one.start < start for one in reply.clear)


def negated(reply: Reply) -> bool:
    """A "not" shortly before, unless it is part of the problem ("can not sleep")."""
    for one in reply.clear:
        before = reply.left[: one.start].rsplit(words.BREAK, 1)[-1]
        if reply.names("negators", " ".join(before.split()[-NEAR:])):
            return True
    return False


def _denied_beside(value: int, reply: Reply) -> bool:
    """A "not" anywhere, if its clause is about the problem, the frequency or nothing."""
    for clause in _split(reply.left, reply):
        if not reply.names("negators", clause) or _only_less(value, clause, reply):
            continue
        said = [word for word in clause.split() if not reply.names("negators", word)]
        table = reply.known.table
        about = set(said) & {*table["good_words"], *table["trouble_words"]}
        if (
            "~" in clause
            or len(said) < SHORT
            or about
            or _names("own_problem", clause, reply)
        ):
            return True
    return False


def _split(text: str, reply: Reply) -> list[str]:
    for pattern in reply.known.patterns("conjunctions"):
        text = pattern.sub(words.BREAK, text)
    return _clauses(text)


def _only_less(value: int, clause: str, reply: Reply) -> bool:
    """ "No, only a few days": a "no" that makes it less, not a denial."""
    whole = any(one.fullmatch(clause) for one in reply.known.patterns("bare_no"))
    less = value == 1 and (reply.names("only", reply.plain) or not whole)
    return less and "~" not in clause
