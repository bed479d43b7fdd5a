"""The checks that an explanation says how to read a question, and does nothing else.

An explanation has more to say than a paraphrase, so its words are freer: those of the
official item, of the reviewed help for it, and a list of words that explain. Each
sentence has to speak of the question; none may make it smaller or turn it round.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from screening.language import tables
from screening.language.gate_case import NEAR, Case, Failure, Span, inside
from screening.language.gate_meaning import of_others
from screening.language.gate_tables import folded, named, word_list
from screening.language.words import BREAK

# The files that hold reviewed help, by concept; one that is not there adds nothing.
REVIEWED = ("help", "explanations")
_SENTENCE = re.compile(r"[.!?]+\s*")


def topic(case: Case) -> Iterator[Failure]:
    """Speaks of what the item asks about, or only of how the form is read."""
    named_by = (f"concepts.{case.concept}.signature", f"topics.{case.concept}")
    if case.own or any(map(case.has, named_by)) or _quotes_the_item(case):
        return
    if case.has("states_topic") or not case.has("of_the_form"):
        yield Failure("topic", case.concept)


def _quotes_the_item(case: Case) -> bool:
    """Whether two official words in a row stand in the text."""
    said = case.folded.text
    official = folded(case.item.text, case.language).text.split()
    return any(f" {one} {two} " in f" {said} " for one, two in pairwise(official))


def both_halves(case: Case) -> Iterator[Failure]:
    """Rules out no part of the item, and does not name one half as if it were all."""
    for span in _ruled_out(case):
        yield Failure("construct", case.raw(span))
    if _names_one_half(case) and case.has("states_topic"):
        yield Failure("construct", f"{case.concept}, one half")


def _names_one_half(case: Case) -> bool:
    reviewed = tuple(_as_reviewed(case))
    spoken = [
        any(not inside(span, reviewed) for one in half for span in case.groups[one])
        for half in case.entry.get("halves", ())
    ]
    return any(spoken) and not all(spoken) and not case.has("both_ways")


def _ruled_out(case: Case) -> Iterator[Span]:
    before = named(case.language, "rules_out.before")
    after = named(case.language, "rules_out.after")
    for own in _parts(case):
        for span in case.spans(before):
            if case.near(span, own):
                yield span[0], own[1]
        for span in case.spans(after):
            if case.near(own, span):
                yield own[0], span[1]


def _parts(case: Case) -> Iterator[Span]:
    for number in case.entry.get("parts", ()):
        yield from case.groups[number]


def polarity(case: Case) -> Iterator[Failure]:
    """Says that the question asks about the problem, not about its absence."""
    known = (*case.own, *case.neutral, *_definitions(case), *_as_reviewed(case))
    for name in (f"concepts.{case.concept}.wrong", "polarity"):
        for span in case.found(name, outside=known):
            yield Failure("polarity", case.raw(span))
    if not case.own:
        # "Days when you ate well": days of something that is nowhere said to be hard.
        for span in case.found("asserted", outside=known):
            yield Failure("polarity", case.raw(span))


def _definitions(case: Case) -> Iterator[Span]:
    """Sentences that say what a word means: "to relax means to feel calm"."""
    for sentence in case.sentences:
        means = any(case.within(named(case.language, "means"), sentence))
        asks = any(case.within(named(case.language, "question"), sentence))
        if means and not asks:
            yield sentence


def other_period(case: Case) -> Iterator[Failure]:
    """Names no other time than the last two weeks, unless to say that it is not meant."""
    known = (*case.recall, *case.own, *case.neutral, *_of_the_form(case))
    for span in case.found("other_period", outside=known):
        yield Failure("recall_window", case.raw(span))


def _of_the_form(case: Case) -> Iterator[Span]:
    yield from case.spans(named(case.language, "names_window"))
    if case.recall:
        yield from case.spans(named(case.language, "disclaims"))


def other_items(case: Case) -> Iterator[Failure]:
    """Brings in no symptom of another item; a meal may be where it happened."""
    context = tuple(case.spans(named(case.language, "context")))
    for span in of_others(case):
        if not inside(span, context):
            yield Failure("other_item", case.raw(span))


def asks_nothing(case: Case) -> Iterator[Failure]:
    """An explanation asks nothing: another question would be another item."""
    if "?" in case.text or "¿" in case.text:
        yield Failure("asks", "?")


def narrows(case: Case) -> Iterator[Failure]:
    """Makes the question no smaller, and adds no cause to it."""
    disclaimed = case.spans(named(case.language, "disclaims"))
    known = (*case.own, *case.neutral, *disclaimed, *_as_reviewed(case))
    for span in case.found("narrows", outside=known):
        yield Failure("added", case.raw(span))
    for span in case.found("because", outside=known):
        # "Ate little because not hungry" stays within what the item asks about.
        if not any(case.near(span, own) or inside(own, (span,)) for own in case.own):
            yield Failure("added", case.raw(span))


def every_sentence_explains(case: Case) -> Iterator[Failure]:
    """Each sentence speaks of the question, its words, its answers or its two weeks.

    It may do so at its start or anywhere else. A sentence of the reviewed help for
    the item is good as it stands.
    """
    reviewed = frozenset(_as_reviewed(case))
    starts = {start for start, _end in case.spans(named(case.language, "acts"))}
    starts |= {span[0] for span in _defined(case)}
    for span in case.sentences:
        speaks = span[0] in starts or span in reviewed
        if not speaks and not any(case.within(named(case.language, "speaks"), span)):
            yield Failure("off_topic", case.raw(span))


def _as_reviewed(case: Case) -> Iterator[Span]:
    """Sentences that stand in the reviewed help for the item, word for word."""
    reviewed = _reviewed_sentences(case.language, case.concept)
    for start, end in case.sentences:
        if case.folded.text[start:end].strip() in reviewed:
            yield start, end


def _defined(case: Case) -> Iterator[Span]:
    """What a sentence begins with, if it goes on to say what the item's words mean."""
    about = named(case.language, f"concepts.{case.concept}.signature")
    tells = tuple(case.spans(named(case.language, "tells")))
    spoken = (*case.own, *case.spans(about))
    for start, end in case.sentences:
        for span in spoken:
            near_start = len(case.folded.text[start : span[0]].split()) <= NEAR
            told = any(case.near(span, tell) for tell in tells)
            if start <= span[0] and span[1] <= end and near_start and told:
                yield start, span[1]


def closed_book(case: Case) -> Iterator[Failure]:
    """Draws on the item, its reviewed help and words that explain; on little else.

    Writers never use quite the same words, so a single new one is let through, unless
    it is a name or of a kind that no explanation needs (causes, cures, complaints).
    """
    new = tuple(_new_words(case))
    kinds = {case.folded.text[slice(*span)] for span in new}
    never = any(inside(span, new) for span in _never_new(case))
    if never or len(kinds) > case.table["new_words"]:
        for span in new:
            yield Failure("added", case.raw(span))


def _new_words(case: Case) -> Iterator[Span]:
    language = case.language
    lists = named(language, "recall") + named(language, "explains")
    lists += word_list(language, "plain") + word_list(language, "second_person")
    lists += word_list(language, f"concepts.{case.concept}.words")
    known = (*case.own, *case.neutral, *case.spans(lists))
    reviewed = _reviewed_words(language, case.concept) | _words(case, case.item.text)
    for word, span in case.tokens:
        if word != BREAK and word not in reviewed and not inside(span, known):
            yield span


def _never_new(case: Case) -> Iterator[Span]:
    yield from case.spans(word_list(case.language, "never_new"))
    firsts = {start for start, _end in case.sentences}
    for _word, span in case.tokens:
        if span[0] not in firsts and case.raw(span)[:1].isupper():
            yield span


def _words(case: Case, text: str) -> frozenset[str]:
    return frozenset(folded(text, case.language).text.split())


def _reviewed_words(language: str, concept: str) -> frozenset[str]:
    sentences = _reviewed_sentences(language, concept)
    return frozenset(word for sentence in sentences for word in sentence.split())


@lru_cache(maxsize=64)
def _reviewed_sentences(language: str, concept: str) -> frozenset[str]:
    """Every sentence of the reviewed help for what an item asks about, folded."""
    texts = (entry["text"] for entry in _reviewed(language, concept))
    sentences = (_SENTENCE.split(text) for text in texts)
    return frozenset(
        folded(sentence, language).text for found in sentences for sentence in found
    )


def _reviewed(language: str, concept: str) -> Iterator[Mapping[str, str]]:
    for name in REVIEWED:
        path = tables.DATA / f"{name}.{language}.json"
        if path.exists():
            content = tables.read(path)
            yield from content.get("form", {}).values()
            yield from content.get("concepts", {}).get(concept, {}).values()
