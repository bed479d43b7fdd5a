"""An order for a screening, as a ServiceRequest or as a Task: read, and answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from records.fhir import parts
from records.fhir.received import (
    Issue,
    Person,
    Refused,
    check_type,
    read_identifier,
    read_person,
)
from records.fhir.values import Concept

# What FHIR says of a screening, by its own state.
REQUEST = {
    "COMPLETED": "completed",
    "WITHDRAWN": "revoked",
    "EXPIRED": "revoked",
}
TASK = {
    "INVITED": "requested",
    "CONSENTED": "accepted",
    "IN_PROGRESS": "in-progress",
    "COMPLETED": "completed",
    "WITHDRAWN": "rejected",
    "EXPIRED": "failed",
}
ASKS_FOR = {"text": "questionnaire"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Whom to ask what; each questionnaire by its canonical or by a code."""

    person: Person
    identifier: str
    canonicals: Sequence[tuple[str, str]]
    codes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One questionnaire that was ordered."""

    canonical: str
    concept: Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stands now."""

    id: UUID
    patient: UUID
    state: str
    ordered_at: datetime
    changed_at: datetime
    asked: Sequence[Asked]
    responses: Sequence[UUID] = ()


def read_service_request(resource: object) -> Ordered:
    """Raises Refused."""
    found = check_type(resource, "ServiceRequest")
    return _read(found, "subject", ("active",), found.get("instantiatesCanonical", []))


def read_task(resource: object) -> Ordered:
    """What is to be filled in stands in an input, as a canonical. Raises Refused."""
    found = check_type(resource, "Task")
    given = found.get("input", [])
    inputs = [one for one in given if isinstance(one, dict)] if given else []
    canonicals = [one.get("valueCanonical") for one in inputs]
    return _read(found, "for", ("requested", "ready"), canonicals)


def _read(
    found: Mapping[str, Any], who: str, states: Sequence[str], canonicals: object
) -> Ordered:
    kind = found["resourceType"]
    issues: list[Issue] = []
    if found.get("status") not in states:
        sentence = f"status has to be {' or '.join(states)}."
        issues.append(Issue("business-rule", sentence, f"{kind}.status"))
    if found.get("intent") != "order":
        issues.append(
            Issue("business-rule", "intent has to be order.", f"{kind}.intent")
        )
    person = read_person(found.get(who), who, issues)
    named = [one for one in _listed(canonicals) if isinstance(one, str) and one]
    codes = list(_codes(found.get("code")))
    if not named and not codes:
        sentence = "Name the questionnaire: by its canonical, or by a LOINC code."
        issues.append(Issue("required", sentence, f"{kind}.code"))
    if issues:
        raise Refused(*issues)
    return Ordered(
        person=person,
        identifier=read_identifier(found.get("identifier")),
        canonicals=[(one.partition("|")[0], one.partition("|")[2]) for one in named],
        codes=[] if named else codes,
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _codes(concept: object) -> Iterator[tuple[str, str]]:
    coding = concept.get("coding", []) if isinstance(concept, dict) else []
    for one in _listed(coding):
        if isinstance(one, dict) and isinstance(one.get("code"), str):
            yield str(one.get("system") or ""), one["code"]


def service_request(order: Order) -> parts.Json:
    """The order as a ServiceRequest: active until it is answered or ended."""
    return _made(
        "ServiceRequest",
        order,
        instantiatesCanonical=[one.canonical for one in order.asked],
        status=REQUEST.get(order.state, "active"),
        intent="order",
        code=parts.present(
            coding=[parts.coding(one.concept.coding) for one in order.asked],
            text=", ".join(one.concept.text for one in order.asked),
        ),
        subject=parts.reference("Patient", str(order.patient)),
        authoredOn=parts.instant(order.ordered_at),
    )


def task(order: Order) -> parts.Json:
    """The order as a Task; once it is answered its output names the responses."""
    return _made(
        "Task",
        order,
        basedOn=[parts.reference("ServiceRequest", str(order.id))],
        status=TASK[order.state],
        intent="order",
        code={"text": "Fill in a questionnaire"},
        authoredOn=parts.instant(order.ordered_at),
        lastModified=parts.instant(order.changed_at),
        input=[
            {"type": ASKS_FOR, "valueCanonical": one.canonical} for one in order.asked
        ],
        output=[
            {
                "type": {"text": "response"},
                "valueReference": parts.reference("QuestionnaireResponse", str(one)),
            }
            for one in order.responses
        ],
        **{"for": parts.reference("Patient", str(order.patient))},
    )


def _made(resource: str, order: Order, **members: object) -> parts.Json:
    known = parts.present(
        resourceType=resource,
        id=str(order.id),
        meta={"lastUpdated": parts.instant(order.changed_at)},
        identifier=[parts.urn_uuid(order.id)],
    )
    return parts.versioned(parts.present(**known, **members))
