"""The checks of form that both kinds of text must pass: length, marks, language, ease."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from screening.language import gate_tables, reading, tables
from screening.language.gate_case import Case, Failure

Check = Callable[[Case], Iterator[Failure]]

_MARKUP = re.compile(
    r"https?:|www\.|[\w.]+@[\w.]+|</?[a-zA-Z]|[*_`#~{}\[\]|\\<>=^$%]|&\w+;"
    r"|\d{3}[ .-]\d{3,4}|(?:^|\n)\s*(?:[-•>]|\d+[.)])\s|^[\"“«'‘][^\"”»'’]*[\"”»'’]$"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PICTURE = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]|(?<!\w)[:;]-?[()D](?!\w)")


def never_worded(case: Case) -> Iterator[Failure]:
    """An item whose concept the tables do not know cannot be vouched for."""
    if case.concept not in case.table["concepts"]:
        yield Failure("never_worded", case.concept)


def length(kind: str) -> Check:
    """A check of the number of words."""

    def check(case: Case) -> Iterator[Failure]:
        least, most = case.table["length"][kind]
        count = len(case.text.split())
        if not least <= count <= most:
            yield Failure("length", f"{count} words")

    return check


def markup(case: Case) -> Iterator[Failure]:
    """No links, tags, formatting, pictures, telephone numbers or hidden characters."""
    for pattern in (_MARKUP, _CONTROL, _PICTURE):
        for match in pattern.finditer(case.text):
            yield Failure("markup", match.group())


def language(case: Case) -> Iterator[Failure]:
    """Written in the language of the instrument, without words of the other one."""
    said = case.folded.text.split()
    ours = sum(word in _common(case.language) for word in said)
    (other,) = (one for one in tables.LANGUAGES if one != case.language)
    if ours * 6 < len(said):
        yield Failure("language", case.text[:40])
    foreign = tuple(case.spans(gate_tables.word_list(case.language, "foreign")))
    marks = sum(word in _common(other) for word in said)
    if foreign or marks > ours:
        span = case.raw(foreign[0]) if foreign else case.text[:40]
        yield Failure("language", span)


@lru_cache(maxsize=4)
def _common(language: str) -> frozenset[str]:
    return frozenset(tables.table("gate", language)["common_words"])


def forbidden(case: Case) -> Iterator[Failure]:
    """No diagnosis, advice, comfort, method, judgement, feelings of its own, leakage."""
    excused = (*case.own, *case.neutral)
    for name in case.table["forbidden"]:
        for span in case.found(f"forbidden.{name}", outside=excused):
            yield Failure(name, case.raw(span))


def options(case: Case) -> Iterator[Failure]:
    """Names no response option by itself: that would be a hint at an answer.

    All of them together describe the scale, and lean to none.
    """
    said = f" {case.folded.text} "
    official = [_folded_option(option.text, case) for option in case.item.options]
    named = [one for one in official if f" {one} " in said]
    if len(named) < len(official):
        for one in named:
            yield Failure("chooses", one)


def _folded_option(text: str, case: Case) -> str:
    return gate_tables.folded(text, case.language).text


def reading_grade(case: Case) -> Iterator[Failure]:
    """No harder than the limit, or than the official question if that is harder."""
    limit = max(float(case.table["grade"]), _official_grade(case))
    if (grade := reading.grade(case.text, case.language)) > limit:
        yield Failure("reading_grade", f"{grade:.1f}")


def _official_grade(case: Case) -> float:
    """The item read on its own, or as the end of its instruction, as people read it."""
    asked = f"{case.instrument.instruction} {case.item.text}".replace("?", "")
    return max(reading.grade(text, case.language) for text in (case.item.text, asked))


def speaks_of_the_question(text: str, language: str) -> bool:
    """Whether a text says what a question asks, or what a word means."""
    folded = gate_tables.folded(text, language).text
    names = ("question", "means")
    return any(
        pattern.search(folded)
        for name in names
        for pattern in gate_tables.named(language, name)
    )
