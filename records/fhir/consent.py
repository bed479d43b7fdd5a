"""A patient's consent to be screened, and to a language model's help with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from records.fhir import parts
from records.fhir.values import Concept, Subject

SCOPE = {
    "system": "http://terminology.hl7.org/CodeSystem/consentscope",
    "code": "treatment",
    "display": "Treatment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What one patient agreed to at the beginning of one screening."""

    id: UUID
    subject: Subject
    kind: Concept
    help: Concept
    help_allowed: bool
    in_force: bool
    text_version: str
    given_at: datetime
    changed_at: datetime
    # The screening that it was given for was entered in error.
    in_error: bool = False
    test_data: bool = False


def _status(agreed: Agreed) -> str:
    if agreed.in_error:
        return parts.IN_ERROR
    return "active" if agreed.in_force else "inactive"


def consent(agreed: Agreed) -> parts.Json:
    """The consent; whether a model may help is a provision of its own."""
    meta = parts.present(
        lastUpdated=parts.instant(agreed.changed_at),
        tag=parts.tags(there=agreed.test_data),
    )
    help_wanted = {
        "type": "permit" if agreed.help_allowed else "deny",
        "code": [parts.concept(agreed.help)],
    }
    return parts.versioned(
        parts.present(
            resourceType="Consent",
            id=str(agreed.id),
            meta=meta,
            status=_status(agreed),
            scope={"coding": [SCOPE]},
            category=[parts.concept(agreed.kind)],
            patient=parts.subject(agreed.subject),
            dateTime=parts.instant(agreed.given_at),
            performer=[parts.subject(agreed.subject)],
            policyRule={"text": f"Consent text, version {agreed.text_version}"},
            provision={"type": "permit", "provision": [help_wanted]},
        )
    )
