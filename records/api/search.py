"""One search: its parameters read, and where its pages are."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from records.api.along import targets
from records.api.kinds import Asking, Kind
from records.api.kinds.base import Clause, read_values
from records.api.kinds.order import Page
from records.api.params import SearchRefused
from records.api.shaping import (
    CONTROLS,
    SIZE,
    SORT,
    SUM,
    SUMMARY,
    Shaping,
    fault_of,
    read_shaping,
)
from records.fhir.served import SERVED

AFTER = "_cursor"
INCLUDE, REVINCLUDE = "_include", "_revinclude"
# More than any search needs, and less than a database refuses.
MOST_PARAMETERS, MOST_VALUES = 50, 200
_SERVED = {one.resource: one for one in SERVED}


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was understood; `used` is what the answer says it was."""

    kind: Kind[Any]
    clauses: Sequence[Sequence[Clause]]
    shaping: Shaping
    after: list[Any] | None
    includes: Sequence[str]
    revincludes: Sequence[str]
    used: Sequence[tuple[str, str]]

    def types(self) -> set[str]:
        """Every resource type that may come along."""
        own = _SERVED[self.kind.type]
        found = {one.partition(":")[0] for one in self.revincludes}
        for one in self.includes:
            if one in own.includes:
                found |= targets(one)
        return found

    def costly(self) -> str:
        """The parameter for which all that fits would have to be read."""
        if self.shaping.only_count:
            return SUMMARY if self.shaping.count else SIZE
        return SORT if self.shaping.order else SUM


def read_search(
    asking: Asking,
    kind: Kind[Any],
    given: Sequence[tuple[str, str]],
    *,
    lenient: bool,
) -> Search:
    """Read the parameters. Raises SearchRefused for what is not known, unless lenient."""
    served, used = _SERVED[kind.type], []
    clauses, shaping = [], dict[str, list[str]]()
    known = {INCLUDE: served.includes, REVINCLUDE: served.revincludes}
    if len(given) > MOST_PARAMETERS:
        raise SearchRefused(given[MOST_PARAMETERS][0], "is one parameter too many")
    for name, value in given:
        if "\x00" in value:
            raise SearchRefused(name, "holds a character that no text may have")
        fault = _fault(kind, known, name, value)
        if fault:
            _refuse_unless(lenient, name, fault)
            continue
        if name in kind.where:
            clauses.append(read_values(asking, kind.where[name], value))
        else:
            shaping.setdefault(name, []).append(value)
        used.append((name, value))
    read = read_shaping(kind, shaping)
    if read.shape.summary == "text" and (INCLUDE in shaping or REVINCLUDE in shaping):
        raise SearchRefused(SUMMARY, "text cannot stand beside an include")
    return Search(
        kind=kind,
        clauses=clauses,
        shaping=read,
        after=_after(kind, clauses, read, shaping),
        includes=shaping.get(INCLUDE, []),
        revincludes=shaping.get(REVINCLUDE, []),
        used=[(name, value) for name, value in used if name != AFTER],
    )


def _fault(
    kind: Kind[Any], known: Mapping[str, Sequence[str]], name: str, value: str
) -> str:
    """Why a parameter cannot be answered; empty if it can."""
    if value.count(",") >= MOST_VALUES:
        return f"takes no more than {MOST_VALUES} values"
    if name in known:
        right = value in known[name]
        return "" if right else f"takes one of: {_list(known[name])}"
    if name in CONTROLS:
        return fault_of(kind, name, value)
    if name == AFTER or (name in kind.where and value):
        return ""
    if name in kind.where:
        return "needs a value"
    allowed = _list((*kind.where, *CONTROLS, *known))
    return f"is not known here; {allowed} are"


def _refuse_unless(lenient: bool, name: str, text: str) -> None:  # noqa: FBT001
    if not lenient:
        raise SearchRefused(name, text)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def _after(
    kind: Kind[Any],
    clauses: Sequence[Sequence[Clause]],
    read: Shaping,
    shaping: Mapping[str, list[str]],
) -> list[Any] | None:
    """The place that a next link holds; it means nothing to anybody but us."""
    if AFTER not in shaping:
        return None
    refused = SearchRefused(AFTER, "is only ever taken from a next link")
    try:
        place = json.loads(base64.urlsafe_b64decode(shaping[AFTER][-1]))
    except (ValueError, RecursionError) as error:
        raise refused from error
    if not isinstance(place, list) or not kind.continues(clauses, place, read.order):
        raise refused
    return place


def next_url(base: str, search: Search, page: Page) -> str | None:
    """Where the next page is."""
    if page.after is None:
        return None
    return _url(base, search, [*search.used, (AFTER, place_text(page.after))])


def place_text(place: Sequence[Any]) -> str:
    """A place as a next link holds it."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def self_url(base: str, search: Search) -> str:
    """The search as it was understood: what was ignored is not in it."""
    return _url(base, search, search.used)


def _url(base: str, search: Search, query: Sequence[tuple[str, str]]) -> str:
    asked = f"?{urlencode(query, safe='/:|,')}" if query else ""
    return f"{base}/{search.kind.type}{asked}"
