"""One search: its parameters read, its page found, and what comes along with it."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from records.api.kinds import KINDS, Asking, Kind
from records.api.kinds.base import Clause, Page, read_values
from records.api.params import SearchRefused
from records.fhir.parts import Json
from records.fhir.served import SERVED
from records.presenters.forms import form_id

MOST, USUAL = 100, 50
AFTER = "_cursor"
INCLUDE, REVINCLUDE = "_include", "_revinclude"
# What shapes an answer and finds nothing.
CONTROLS = ("_count", AFTER, INCLUDE, REVINCLUDE)
_SERVED = {one.resource: one for one in SERVED}
# Where in a resource a parameter's references stand.
MEMBERS = {
    "derived-from": "derivedFrom",
    "has-member": "hasMember",
    "target": "target",
    "focus": "focus",
    "subject": "subject",
    "questionnaire": "questionnaire",
}
PATIENT_MEMBERS = ("subject", "patient", "for")


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was understood; `used` is what the answer says it was."""

    kind: Kind[Any]
    clauses: Sequence[Sequence[Clause]]
    count: int
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
                found |= _targets(one)
        return found


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
    known = {"_include": served.includes, "_revinclude": served.revincludes}
    for name, value in given:
        if "\x00" in value:
            raise SearchRefused(name, "holds a character that no text may have")
        if name in known and value not in known[name]:
            _refuse_unless(lenient, name, f"takes one of: {_list(known[name])}")
            continue
        if name in CONTROLS:
            shaping.setdefault(name, []).append(value)
        elif name in kind.where and value:
            clauses.append(read_values(asking, kind.where[name], value))
        else:
            allowed = _list((*kind.where, *CONTROLS[:1], *known))
            _refuse_unless(lenient, name, f"is not known here, or empty; {allowed} are")
            continue
        used.append((name, value))
    return Search(
        kind=kind,
        clauses=clauses,
        count=_count(shaping),
        after=_after(kind, shaping),
        includes=shaping.get(INCLUDE, []),
        revincludes=shaping.get(REVINCLUDE, []),
        used=[(name, value) for name, value in used if name != AFTER],
    )


def _refuse_unless(lenient: bool, name: str, text: str) -> None:  # noqa: FBT001
    if not lenient:
        raise SearchRefused(name, text)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def _count(shaping: Mapping[str, list[str]]) -> int:
    given = shaping.get("_count", [str(USUAL)])[-1]
    if not given.isdecimal() or not given.isascii() or int(given) < 1:
        raise SearchRefused("_count", f"takes a number from 1 to {MOST}")
    return min(int(given), MOST)


def _after(kind: Kind[Any], shaping: Mapping[str, list[str]]) -> list[Any] | None:
    """The place that a next link holds; it means nothing to anybody but us."""
    if AFTER not in shaping:
        return None
    refused = SearchRefused(AFTER, "is only ever taken from a next link")
    try:
        place = json.loads(base64.urlsafe_b64decode(shaping[AFTER][-1]))
    except (ValueError, RecursionError) as error:
        raise refused from error
    if not isinstance(place, list) or not kind.begins_at(place):
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


def along(asking: Asking, search: Search, matches: Sequence[Json]) -> list[Json]:
    """What the search wants beside its matches, each once, in constant queries."""
    wanted: dict[str, set[str]] = {}
    for include in search.includes:
        for kind, found in _referred(include, matches):
            wanted.setdefault(kind, set()).add(found)
    came: list[Json] = []
    for resource in sorted(wanted):
        came += KINDS[resource].find(asking, wanted[resource])
    pointed = [f"{one['resourceType']}/{one['id']}" for one in matches]
    for include in search.revincludes:
        source, _, name = include.partition(":")
        came += KINDS[source].pointing(asking, MEMBERS[name], pointed)
    seen = set(pointed)
    return [one for one in came if not _seen(one, seen)]


def _seen(one: Json, seen: set[str]) -> bool:
    address = f"{one['resourceType']}/{one['id']}"
    if address in seen:
        return True
    seen.add(address)
    return False


def _referred(include: str, matches: Sequence[Json]) -> Iterable[tuple[str, str]]:
    """Type and id of everything that these resources refer to in that place."""
    name = include.partition(":")[2]
    members = PATIENT_MEMBERS if name == "patient" else (MEMBERS[name],)
    for one in matches:
        for member in members:
            yield from _references(one.get(member))


def _references(value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        url, _, version = value.partition("|")
        yield "Questionnaire", form_id(url.rpartition("/")[2], version)
    for one in [value] if isinstance(value, dict) else value or []:
        if isinstance(one, dict) and "reference" in one:
            kind, _, found = one["reference"].partition("/")
            yield kind, found


def _targets(include: str) -> set[str]:
    """The types that a parameter may lead to."""
    name = include.partition(":")[2]
    return {
        "derived-from": {"QuestionnaireResponse", "Observation"},
        "has-member": {"Observation"},
        "target": {"QuestionnaireResponse", "Observation"},
        "focus": {"QuestionnaireResponse"},
        "questionnaire": {"Questionnaire"},
    }.get(name, {"Patient"})


def patients_of(resources: Iterable[Json]) -> list[str]:
    """Every patient whose record these are of, each once."""
    found: dict[str, None] = {}
    for one in resources:
        if one["resourceType"] == "Patient":
            found[one["id"]] = None
        for kind, patient in _everywhere(one):
            if kind == "Patient":
                found[patient] = None
    return list(found)


def _everywhere(value: Any) -> Iterable[tuple[str, str]]:
    """Every reference in a resource, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            kind, _, found = value["reference"].partition("/")
            yield kind, found
        for member in value.values():
            yield from _everywhere(member)
    elif isinstance(value, list):
        for member in value:
            yield from _everywhere(member)
