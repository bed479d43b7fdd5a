"""The checks that an explanation says how to read a question, and does nothing else."""

from collections.abc import Iterator

from screening.language.gate_case import Case, Failure, Span, named


def topic(case: Case) -> Iterator[Failure]:
    """Speaks of what the item asks about, or only of how the form is read."""
    if case.own or case.has(f"concepts.{case.concept}.signature"):
        return
    if case.has("states_topic") or not case.has("of_the_form"):
        yield Failure("topic", case.concept)


def polarity(case: Case) -> Iterator[Failure]:
    """Says that the question asks about the problem, not about its absence."""
    for span in case.found(f"concepts.{case.concept}.wrong", outside=_own(case)):
        yield Failure("polarity", case.raw(span))
    for span in case.found("polarity", outside=_own(case)):
        yield Failure("polarity", case.raw(span))


def other_period(case: Case) -> Iterator[Failure]:
    """Names no other time than the last two weeks, unless to say that it is not meant."""
    named_here = (*case.recall, *case.spans(named(case.language, "names_window")))
    known = (*named_here, *_own(case))
    for span in case.found("other_period", outside=known):
        yield Failure("recall_window", case.raw(span))


def asks_nothing(case: Case) -> Iterator[Failure]:
    """An explanation asks nothing: another question would be another item."""
    if "?" in case.text or "¿" in case.text:
        yield Failure("asks", "?")


def narrows(case: Case) -> Iterator[Failure]:
    """Makes the question no smaller, and adds no cause to it."""
    for span in case.found("narrows", outside=_own(case)):
        yield Failure("added", case.raw(span))


def every_sentence_explains(case: Case) -> Iterator[Failure]:
    """Each sentence speaks of the question, its words, its answers or its two weeks."""
    acts = tuple(case.spans(named(case.language, "acts"))) + case.own
    for start, end in case.sentences:
        if not any(start <= first and last <= end for first, last in acts):
            yield Failure("off_topic", case.raw((start, end)))


def _own(case: Case) -> tuple[Span, ...]:
    return (*case.own, *case.spans(named(case.language, "neutral")))
