"""The single checks of the gate: each gives the failures of one kind, with the words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.domain.instruments import Instrument, Item
from screening.language import reading, tables, words
from screening.language.words import Folded

_MARKUP = re.compile(
    r"https?:|www\.|[\w.]+@[\w.]+|</?[a-zA-Z]|[*_`#~{}\[\]|\\]|&\w+;|\d{3}[ .-]\d{3,4}"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Failure:
    """One check that failed, and the words at fault."""

    check: str
    span: str


@dataclass(frozen=True, slots=True)
class Case:
    """A text in front of the gate, with all that the checks need to know."""

    text: str
    folded: Folded
    item: Item
    instrument: Instrument
    language: str
    table: Mapping[str, Any]

    @classmethod
    def of(cls, text: str, item: Item, instrument: Instrument, language: str) -> "Case":
        """The case for a text."""
        return cls(
            text=text,
            folded=words.fold(text, mend=_opened(language)),
            item=item,
            instrument=instrument,
            language=language,
            table=tables.table("gate", language),
        )

    def found(self, name: str, *, without: str = "") -> Iterator[str]:
        """The words that any pattern of a named list matches, or none of `without`."""
        text = self.folded.text
        for pattern in _named(self.language, without) if without else ():
            text = pattern.sub(lambda match: "~" * len(match.group()), text)
        for pattern in _named(self.language, name):
            for match in pattern.finditer(text):
                yield self.folded.raw_words(match.start(), match.end())

    def matched(self, patterns: Iterable[re.Pattern[str]]) -> Iterator[str]:
        """The words of the text that any of the patterns matches, as written."""
        for pattern in patterns:
            for match in pattern.finditer(self.folded.text):
                yield self.folded.raw_words(match.start(), match.end())

    @property
    def concept(self) -> Mapping[str, Any]:
        """What the table knows about the item's concept."""
        found: Mapping[str, Any] = self.table["concepts"][self.item.concept]
        return found


Check = Callable[[Case], Iterator[Failure]]


@lru_cache(maxsize=4)
def _opened(language: str) -> words.Mend:
    return words.alias_mender(tables.table("gate", language)["aliases"])


@lru_cache(maxsize=256)
def _named(language: str, name: str) -> tuple[re.Pattern[str], ...]:
    """A list of patterns by its dotted name, such as "forbidden.advice"."""
    found: Any = tables.table("gate", language)
    for key in name.split("."):
        found = found[key]
    return tables.compiled(tuple(found), {}, place=f"gate.{language}.json {name}")


@lru_cache(maxsize=128)
def _groups(language: str, concept: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    groups = tables.table("gate", language)["concepts"][concept]["all"]
    place = f"gate.{language}.json {concept}"
    return tuple(tables.compiled(tuple(group), {}, place=place) for group in groups)


def compile_all(language: str) -> None:
    """Read every pattern of a language now, so that a bad one is found at start."""
    table = tables.table("gate", language)
    names = [
        "recall",
        "other_period",
        "second_person",
        "polarity",
        "added",
        "outside",
    ]
    names += [f"asks.{kind}" for kind in table["asks"]]
    names += [f"forbidden.{name}" for name in table["forbidden"]]
    for concept in table["concepts"]:
        names += [f"concepts.{concept}.signature", f"concepts.{concept}.wrong"]
        _groups(language, concept)
    for name in names:
        _named(language, name)


def never_worded(case: Case) -> Iterator[Failure]:
    """An item whose concept the tables do not know cannot be vouched for."""
    if case.item.concept not in case.table["concepts"]:
        yield Failure("never_worded", case.item.concept)


def length(kind: str) -> Check:
    """A check of the number of words."""

    def check(case: Case) -> Iterator[Failure]:
        least, most = case.table["length"][kind]
        count = len([word for word in case.text.split() if word.strip()])
        if not least <= count <= most:
            yield Failure("length", f"{count} words")

    return check


def markup(case: Case) -> Iterator[Failure]:
    """No links, tags, formatting, telephone numbers or hidden characters."""
    for pattern in (_MARKUP, _CONTROL):
        for match in pattern.finditer(case.text):
            yield Failure("markup", match.group())


def language(case: Case) -> Iterator[Failure]:
    """Written in the language of the instrument."""
    said = case.folded.text.split()
    counts = {
        one: sum(word in tables.table("gate", one)["common_words"] for word in said)
        for one in tables.LANGUAGES
    }
    own = counts.pop(case.language)
    if own < max(counts.values()) or own * 6 < len(said):
        yield Failure("language", case.text[:40])


def topic(case: Case) -> Iterator[Failure]:
    """Speaks of what the item asks about."""
    groups = _groups(case.language, case.item.concept)
    if not any(any(case.matched(group)) for group in groups):
        yield Failure("topic", case.item.concept)


def construct(case: Case) -> Iterator[Failure]:
    """Keeps every part of the item: both halves of a compound one."""
    for number, group in enumerate(_groups(case.language, case.item.concept), 1):
        if not any(case.matched(group)):
            yield Failure("construct", f"{case.item.concept}, part {number}")


def polarity(case: Case) -> Iterator[Failure]:
    """Asks about the problem, not about its absence."""
    for span in case.found("polarity"):
        yield Failure("polarity", span)
    for span in case.found(f"concepts.{case.item.concept}.wrong"):
        yield Failure("polarity", span)


def other_items(case: Case) -> Iterator[Failure]:
    """Brings in no symptom of another item."""
    shares = {case.item.concept, *case.concept.get("shares", ())}
    for concept in case.table["concepts"]:
        if concept in shares:
            continue
        for span in case.found(f"concepts.{concept}.signature"):
            yield Failure("other_item", span)


def recall_window(case: Case) -> Iterator[Failure]:
    """Names the two weeks of the official question."""
    if case.item.kind == "frequency" and not any(case.found("recall")):
        yield Failure("recall_window", "missing")


def other_period(case: Case) -> Iterator[Failure]:
    """Names no other time than the last two weeks."""
    text = case.folded.text
    for pattern in _named(case.language, "recall"):
        text = pattern.sub(lambda match: "~" * len(match.group()), text)
    for pattern in _named(case.language, "other_period"):
        for match in pattern.finditer(text):
            span = case.folded.raw_words(match.start(), match.end())
            yield Failure("recall_window", span)


def frequency_question(case: Case) -> Iterator[Failure]:
    """Can be answered with the official options."""
    if not any(case.found(f"asks.{case.item.kind}")):
        yield Failure("response_scale", case.item.kind)


def one_question(case: Case) -> Iterator[Failure]:
    """One question, and it ends the text."""
    if case.text.count("?") != 1 or not case.text.rstrip().endswith("?"):
        yield Failure("one_question", case.text[-20:])


def asks_nothing(case: Case) -> Iterator[Failure]:
    """An explanation asks nothing: another question would be another item."""
    if "?" in case.text or "¿" in case.text:
        yield Failure("asks", "?")


def second_person(case: Case) -> Iterator[Failure]:
    """Speaks to the reader."""
    if not any(case.found("second_person")):
        yield Failure("second_person", "missing")


def nothing_added(case: Case) -> Iterator[Failure]:
    """No cause, no stress, no leading word that the item does not have."""
    for span in case.found("added"):
        yield Failure("added", span)


def forbidden(case: Case) -> Iterator[Failure]:
    """No diagnosis, advice, comfort, method, judgement, feelings of its own, leakage."""
    for name in case.table["forbidden"]:
        found = case.found(f"forbidden.{name}")
        if name == "reassurance":  # "hopeless means nothing will get better" is none
            found = case.found(f"forbidden.{name}", without="defines")
        for span in found:
            yield Failure(name, span)


def options(case: Case) -> Iterator[Failure]:
    """Names no response option: that would be a hint at an answer."""
    said = f" {case.folded.text} "
    for option in case.item.options:
        official = words.fold(option.text, mend=_opened(case.language)).text
        if f" {official} " in said:
            yield Failure("chooses", option.text)


def reading_grade(case: Case) -> Iterator[Failure]:
    """No harder than the limit, or than the official question if that is harder."""
    limit = max(float(case.table["grade"]), _official_grade(case))
    if (grade := reading.grade(case.text, case.language)) > limit:
        yield Failure("reading_grade", f"{grade:.1f}")


def _official_grade(case: Case) -> float:
    """The item read on its own, or as the end of its instruction, as people read it."""
    asked = f"{case.instrument.instruction} {case.item.text}".replace("?", "")
    return max(reading.grade(text, case.language) for text in (case.item.text, asked))
