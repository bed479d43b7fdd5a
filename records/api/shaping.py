"""What shapes the answer to a search, and finds nothing: its size, order and parts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from records.api.kinds import Kind
from records.api.kinds.order import Order
from records.api.params import SearchRefused
from records.fhir.summary import COUNT, SUMMARIES, WHOLE, Shape

MOST, USUAL = 100, 50
SIZE, SORT, SUMMARY, ELEMENTS, SUM = (
    "_count",
    "_sort",
    "_summary",
    "_elements",
    "_total",
)
SUMS = ("none", "estimate", "accurate")
CONTROLS = (SIZE, SORT, SUMMARY, ELEMENTS, SUM)
_ELEMENT = re.compile(r"[a-z][A-Za-z]{0,63}")

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Shaping:
    """How a search is to be answered; `only_count`: by a number alone."""

    count: int = USUAL
    order: Order | None = None
    shape: Shape = Shape()
    total: str = ""

    @property
    def only_count(self) -> bool:
        return self.count == 0 or self.shape.summary == COUNT


def fault_of(kind: Kind[Any], name: str, value: str) -> str:
    """What is wrong with the value of one of these; empty if nothing is."""
    return _FAULTS[name](kind, value)


def read_shaping(kind: Kind[Any], given: Given) -> Shaping:
    """What was asked, each value without a fault; of several the last one counts."""
    return Shaping(
        count=min(int(_last(given, SIZE, str(USUAL))), MOST),
        order=_order(kind, _last(given, SORT, "")),
        shape=read_shape(given),
        total=_last(given, SUM, ""),
    )


def read_shape(given: Given) -> Shape:
    """How much of each resource is wanted, by a search or of one that is read."""
    summary, elements = _last(given, SUMMARY, WHOLE), _last(given, ELEMENTS, "")
    for name, value in ((SUMMARY, summary), (ELEMENTS, elements)):
        if value and (fault := _FAULTS[name](None, value)):
            raise SearchRefused(name, fault)
    if elements and summary != WHOLE:
        raise SearchRefused(ELEMENTS, "and _summary cannot be asked for together")
    return Shape(summary, elements.split(",") if elements else ())


def _last(given: Given, name: str, usual: str) -> str:
    return (given.get(name) or [usual])[-1]


def _order(kind: Kind[Any], value: str) -> Order | None:
    if not value:
        return None
    return Order(kind.sorts[value.removeprefix("-")], value.startswith("-"))


def _size_fault(kind: Kind[Any] | None, value: str) -> str:
    right = value.isdecimal() and value.isascii() and len(value) < 10
    return "" if right else f"takes a number from 0 to {MOST}"


def _sort_fault(kind: Kind[Any] | None, value: str) -> str:
    known = list(kind.sorts) if kind else []
    if value.removeprefix("-") in known:
        return ""
    if not known:
        return "is not possible here"
    return f"takes one of: {', '.join(known)}; with a minus before it the newest first"


def _summary_fault(kind: Kind[Any] | None, value: str) -> str:
    return "" if value in SUMMARIES else f"takes one of: {', '.join(SUMMARIES)}"


def _elements_fault(kind: Kind[Any] | None, value: str) -> str:
    if all(map(_ELEMENT.fullmatch, value.split(","))):
        return ""
    return "takes names of a resource's own elements, such as status,subject"


def _total_fault(kind: Kind[Any] | None, value: str) -> str:
    return "" if value in SUMS else f"takes one of: {', '.join(SUMS)}"


_FAULTS: Mapping[str, Callable[[Kind[Any] | None, str], str]] = {
    SIZE: _size_fault,
    SORT: _sort_fault,
    SUMMARY: _summary_fault,
    ELEMENTS: _elements_fault,
    SUM: _total_fault,
}
