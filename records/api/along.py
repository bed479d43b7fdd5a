"""What comes along with the matches of a search, and whose record all of it is."""

from collections.abc import Iterable, Sequence
from typing import Any

from records.api.kinds import KINDS, Asking
from records.fhir.parts import Json
from records.presenters.forms import form_id

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


def along(
    asking: Asking,
    includes: Sequence[str],
    revincludes: Sequence[str],
    matches: Sequence[Json],
) -> list[Json]:
    """What the search wants beside its matches, each once, in constant queries."""
    wanted: dict[str, set[str]] = {}
    for include in includes:
        for kind, found in _referred(include, matches):
            wanted.setdefault(kind, set()).add(found)
    came: list[Json] = []
    for resource in sorted(wanted):
        came += KINDS[resource].find(asking, wanted[resource])
    pointed = [f"{one['resourceType']}/{one['id']}" for one in matches]
    for include in revincludes:
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


def targets(include: str) -> set[str]:
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
