"""A line of the audit log about what left, or was refused, as an AuditEvent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from records.fhir import parts
from records.fhir.values import Concept, Identifier, Subject

TYPES = "http://terminology.hl7.org/CodeSystem/audit-event-type"
REST = {"system": TYPES, "code": "rest", "display": "RESTful Operation"}
ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
PERSON = {"system": ENTITY, "code": "1", "display": "Person"}
SYSTEM_OBJECT = {"system": ENTITY, "code": "2", "display": "System Object"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who did what to what, and whether they were let; never what was said."""

    id: UUID
    kind: Concept
    action: str
    allowed: bool
    at: datetime
    agent: Identifier
    agent_name: str
    clinic: Identifier
    software: str
    patient: Subject | None = None
    thing: Identifier | None = None
    test_data: bool = False


def audit_event(line: Line) -> parts.Json:
    """One line; a log is never changed, so it has one version."""
    meta = parts.present(
        versionId="1",
        lastUpdated=parts.instant(line.at),
        tag=parts.tags(there=line.test_data),
    )
    agent = parts.present(
        who={"identifier": parts.identifier(line.agent)},
        name=line.agent_name or None,
        requestor=True,
    )
    return parts.present(
        resourceType="AuditEvent",
        id=str(line.id),
        meta=meta,
        type=REST,
        subtype=[parts.coding(line.kind.coding)],
        action=line.action,
        recorded=parts.instant(line.at),
        outcome="0" if line.allowed else "4",
        agent=[agent],
        source={
            "site": line.software,
            "observer": {
                "type": "Organization",
                "identifier": parts.identifier(line.clinic),
            },
        },
        entity=_entities(line),
    )


def _entities(line: Line) -> list[parts.Json]:
    entities = []
    if line.patient is not None:
        entities.append({"what": parts.subject(line.patient), "type": PERSON})
    if line.thing is not None:
        known = {"identifier": parts.identifier(line.thing)}
        entities.append({"what": known, "type": SYSTEM_OBJECT})
    return entities
