"""What every resource that another program sends has: read strictly, or refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from records.fhir import parts

_STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
WEIGHTS = (f"{_STRUCTURES}/ordinalValue", f"{_STRUCTURES}/itemWeight")
PATIENT = re.compile(r"(?:(?P<server>.+)/)?Patient/(?P<id>[A-Za-z0-9.-]{1,64})")


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong: FHIR's word for it, a sentence, and where."""

    code: str
    text: str
    expression: str = ""


class Refused(Exception):
    """A resource that is not taken, with every reason that was found."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(" ".join(issue.text for issue in issues))
        self.issues = issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom it is about: by an id, or by a number of the clinic's.

    `server`: whose id it is said to be, where a whole address says so.
    """

    id: str = ""
    server: str = ""
    system: str = ""
    value: str = ""


def outcome(issues: Sequence[Issue]) -> parts.Json:
    """Every reason at once, so that nobody has to try again for the next one."""
    told = [
        parts.present(
            severity="error",
            code=issue.code,
            details={"text": issue.text},
            expression=[issue.expression] if issue.expression else [],
        )
        for issue in issues
    ]
    return {"resourceType": "OperationOutcome", "issue": told}


def check_type(resource: object, wanted: str) -> Mapping[str, Any]:
    """The resource, if it is one of this type."""
    if not isinstance(resource, dict) or resource.get("resourceType") != wanted:
        raise Refused(Issue("structure", f"Send one {wanted}.", "resourceType"))
    return resource


def text(
    found: Mapping[str, Any], name: str, issues: list[Issue], *, needed: bool = True
) -> str:
    """A member that is text; noted as an issue where it is missing or no text."""
    value = found.get(name)
    if isinstance(value, str) and value.strip():
        return value
    if value is not None:
        issues.append(Issue("value", f"{name} has to be text.", name))
    elif needed:
        issues.append(Issue("required", f"{name} is missing.", name))
    return ""


def read_person(value: object, name: str, issues: list[Issue]) -> Person:
    """A reference to a patient: Patient/[id], or an identifier with its system."""
    if isinstance(value, dict):
        match = PATIENT.fullmatch(str(value.get("reference", "")))
        if match:
            return Person(id=match["id"], server=match["server"] or "")
        known = value.get("identifier")
        if isinstance(known, dict) and known.get("value"):
            system, number = known.get("system", ""), known["value"]
            if isinstance(system, str) and isinstance(number, str):
                return Person(system=system, value=number)
    sentence = f"{name} has to name the patient: Patient/[id], or an identifier."
    issues.append(Issue("required", sentence, name))
    return Person()


def read_moment(
    found: Mapping[str, Any], name: str, issues: list[Issue], *, earliest: int
) -> datetime | None:
    """A moment with its zone, as FHIR writes it; returned in UTC."""
    value = text(found, name, issues)
    if not value:
        return None
    moment = _in_utc(value)
    if moment is None:
        sentence = f"{name} has to be a moment with its zone: 2026-03-04T05:06:07Z."
    elif moment.year < earliest:
        sentence = f"{name} cannot be before the year {earliest}."
    else:
        return moment
    issues.append(Issue("value", sentence, name))
    return None


def _in_utc(value: str) -> datetime | None:
    """At the ends of the calendar a zone leads to a year that nothing can store."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.utcoffset() is None or "T" not in value:
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_identifier(value: object) -> str:
    """system|value of the first identifier that has a value, else nothing."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            return f"{one.get('system') or ''}|{one['value']}"
    return ""
