"""The review of a patient's results: the case, what was flagged, who was told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from records.fhir import parts
from records.fhir.values import Concept, Identifier, Subject

CATEGORY = "http://terminology.hl7.org/CodeSystem/flag-category"
SAFETY = {"system": CATEGORY, "code": "safety", "display": "Safety"}
ALERT = {
    "system": "http://terminology.hl7.org/CodeSystem/communication-category",
    "code": "alert",
    "display": "Alert",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A case: what waits for a clinician about one patient, or what became of it."""

    id: UUID
    subject: Subject
    status: str
    stage: Concept
    urgent: bool
    kind: Concept
    opened_at: datetime
    due_at: datetime
    changed_at: datetime
    flags: tuple[UUID, ...]
    focus: UUID | None = None
    owner: Identifier | None = None
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    disposition: Concept | None = None
    test_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A flag: a rule's, or a model's concern about words, which nobody may miss."""

    id: UUID
    subject: Subject
    rule: Concept
    active: bool
    author: Identifier
    author_name: str
    raised_at: datetime
    closed_at: datetime | None
    changed_at: datetime
    # What it was raised on was entered in error.
    in_error: bool = False
    test_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice to staff about a case: that it was sent, never to which address."""

    id: UUID
    subject: Subject
    review: UUID
    status: str
    step: Concept
    medium: Concept
    made_at: datetime
    sent_at: datetime | None
    changed_at: datetime
    test_data: bool = False


def task(review: Review) -> parts.Json:
    """The review as work that somebody owes, its own end included."""
    ran = {"start": review.acknowledged_at, "end": review.closed_at}
    inputs = [
        {
            "type": {"text": "Flag"},
            "valueReference": parts.reference("Flag", str(flag)),
        }
        for flag in review.flags
    ]
    focus = review.focus and parts.reference("QuestionnaireResponse", str(review.focus))
    return _made(
        "Task",
        review,
        status=review.status,
        businessStatus=parts.concept(review.stage),
        statusReason=review.disposition and parts.concept(review.disposition),
        intent="order",
        priority="urgent" if review.urgent else "routine",
        code=parts.concept(review.kind),
        focus=focus,
        **{"for": parts.subject(review.subject)},
        executionPeriod=_period(ran) if review.acknowledged_at else None,
        authoredOn=parts.instant(review.opened_at),
        lastModified=parts.instant(review.changed_at),
        owner=review.owner and parts.staff(review.owner),
        restriction={"period": _period({"end": review.due_at})},
        input=inputs,
    )


def flag(raised: Raised) -> parts.Json:
    """Active as long as its case is open; it never goes away by itself."""
    author = {
        "type": "Device",
        "identifier": parts.identifier(raised.author),
        "display": raised.author_name,
    }
    return _made(
        "Flag",
        raised,
        status=_standing(raised),
        category=[{"coding": [SAFETY]}],
        code=parts.concept(raised.rule),
        subject=parts.subject(raised.subject),
        period=_period({"start": raised.raised_at, "end": raised.closed_at}),
        author=author,
    )


def _standing(raised: Raised) -> str:
    """In error only once a person has closed its case: until then somebody has to look,
    whoever it was that answered."""
    if raised.active:
        return "active"
    return parts.IN_ERROR if raised.in_error else "inactive"


def communication(told: Told) -> parts.Json:
    """A step of the escalation: when it went out, or that it did not."""
    return _made(
        "Communication",
        told,
        status=told.status,
        category=[{"coding": [ALERT]}],
        medium=[parts.concept(told.medium)],
        subject=parts.subject(told.subject),
        topic=parts.concept(told.step),
        about=[parts.reference("Task", str(told.review))],
        sent=parts.instant(told.sent_at) if told.sent_at else None,
    )


def _made(resource: str, of: Review | Raised | Told, **members: object) -> parts.Json:
    meta = parts.present(
        lastUpdated=parts.instant(of.changed_at),
        tag=parts.tags(there=of.test_data),
    )
    known = {"resourceType": resource, "id": str(of.id), "meta": meta}
    return parts.versioned(parts.present(**known, **members))


def _period(times: dict[str, datetime | None]) -> parts.Json:
    return {name: parts.instant(at) for name, at in times.items() if at is not None}
