"""A second look at a paraphrase, by a small embedding: it may only reject.

A wording has to lie nearer to its own question than to that of any other item of the
form. An embedding is no judge of polarity, times or additions (docs/decisions.md), so
that is all it is asked. Without the optional package this look is left out.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from screening.domain.instruments import Instrument, Item
from screening.language import neighbours
from screening.language.gate_case import Case, Failure


def own_question(case: Case) -> Iterator[Failure]:
    """Lies nearer to its own question than to one of another item."""
    others = _others(case.item, case.instrument)
    if not others or not neighbours.available():
        return
    asked = str(case.table["asked"])
    own, *rest = _vectors(asked, (case.item.text, *(one.text for one in others)))
    said = neighbours.vectors([case.text.lower()])[0]
    nearest = max(range(len(rest)), key=lambda one: float(rest[one] @ said))
    margin = float(case.table["nearness_margin"])
    if float(own @ said) - float(rest[nearest] @ said) < margin:
        yield Failure("nearer_to_another", others[nearest].text)


def _others(item: Item, instrument: Instrument) -> tuple[Item, ...]:
    """The items that are asked in the same way and might be mistaken for this one."""
    if item.kind != "frequency":
        return ()
    return tuple(
        other
        for other in instrument.items
        if other.kind == item.kind and other.link_id != item.link_id and other.wordable
    )


@lru_cache(maxsize=256)
def _vectors(asked: str, texts: tuple[str, ...]) -> Any:
    """The official items, each as the question that is asked of it."""
    inner = (text.rstrip("?.").lower() for text in texts)
    return neighbours.vectors([asked.format(text) for text in inner])
