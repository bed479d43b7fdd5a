"""The checks that a paraphrase still asks the official question, and nothing else.

What is known is taken away first: the two weeks, the question of how often, the words
for what the item asks about, and plain words that say nothing by themselves. Whatever
is left over was added, however it is worded. So a fault need not be foreseen to be
caught: only a good wording has to be.
"""

from collections.abc import Iterator

from screening.language.gate_case import Case, Failure, Span, inside
from screening.language.gate_tables import also, named, word_list
from screening.language.words import BREAK


def construct(case: Case) -> Iterator[Failure]:
    """Keeps every part of the item: both halves of a compound one."""
    for number, found in enumerate(case.groups, 1):
        if not found:
            yield Failure("construct", f"{case.concept}, part {number}")


def recall_window(case: Case) -> Iterator[Failure]:
    """Names the two weeks of the official question."""
    if case.item.kind == "frequency" and not case.recall:
        yield Failure("recall_window", "missing")


def other_period(case: Case) -> Iterator[Failure]:
    """Names no other time than the last two weeks."""
    for span in case.found("other_period", outside=(*case.recall, *case.own)):
        yield Failure("recall_window", case.raw(span))


def response_scale(case: Case) -> Iterator[Failure]:
    """Can be answered with the official options."""
    if not case.has(f"asks.{case.item.kind}"):
        yield Failure("response_scale", case.item.kind)


def one_question(case: Case) -> Iterator[Failure]:
    """One question, and it ends the text."""
    if case.text.count("?") != 1 or not case.text.rstrip().endswith("?"):
        yield Failure("one_question", case.text[-20:])
    elif case.language == "es" and case.text.count("¿") > 1:
        yield Failure("one_question", "¿")


def second_person(case: Case) -> Iterator[Failure]:
    """Speaks to the reader."""
    if not case.has("second_person"):
        yield Failure("second_person", "missing")


def other_items(case: Case) -> Iterator[Failure]:
    """Brings in no symptom of another item."""
    for span in of_others(case):
        yield Failure("other_item", case.raw(span))


def of_others(case: Case) -> Iterator[Span]:
    """Where a symptom of another item is named."""
    concepts = case.table["concepts"]
    known = (*case.own, *case.spans(named(case.language, "frame")))
    for concept in concepts:
        if concept not in (case.concept, *concepts[case.concept].get("shares", ())):
            yield from case.found(f"concepts.{concept}.signature", outside=known)


def polarity(case: Case) -> Iterator[Failure]:
    """Asks about the problem, not about its absence.

    A word that turns a meaning round is good only as part of the item's own words.
    """
    for span in _unexplained(case):
        if any(case.within(word_list(case.language, "reversal"), span)):
            yield Failure("polarity", case.raw(span))
    for span in case.found(f"concepts.{case.concept}.wrong", outside=case.own):
        yield Failure("polarity", case.raw(span))
    for span in case.found("turned_twice"):
        yield Failure("polarity", case.raw(span))


def nothing_added(case: Case) -> Iterator[Failure]:
    """No cause, strength, example, leading word, or any word that nothing explains."""
    named_elsewhere = (
        *case.spans(word_list(case.language, "reversal")),
        *case.found("other_period", outside=case.recall),
        *of_others(case),
        *(span for one in case.table["forbidden"] for span in _forbidden(case, one)),
    )
    for span in _unexplained(case):
        if not inside(span, named_elsewhere):
            yield Failure("added", case.raw(span))


def _forbidden(case: Case, name: str) -> Iterator[Span]:
    return case.found(f"forbidden.{name}", outside=case.own)


def _unexplained(case: Case) -> Iterator[Span]:
    """Each word that belongs to nothing which a paraphrase may hold."""
    language = case.language
    lists = word_list(language, "plain") + also(language, case.concept)
    lists += word_list(language, f"concepts.{case.concept}.words")
    lists += named(language, "frame") + named(language, f"asks.{case.item.kind}")
    window = case.recall if case.item.kind == "frequency" else ()
    known = (*window, *case.own, *case.spans(lists))
    for word, span in case.tokens:
        if word != BREAK and not inside(span, known):
            yield span
