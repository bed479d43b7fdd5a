"""A patient's record as a FHIR Patient: who it is, and which records it goes with."""

from uuid import UUID

from records.fhir import parts
from records.fhir.values import PatientRecord


def patient(record: PatientRecord) -> parts.Json:
    """One record. A merged one is not in use, and says which replaces it."""
    made = parts.present(
        resourceType="Patient",
        id=str(record.id),
        meta=parts.present(
            lastUpdated=parts.instant(record.changed_at),
            tag=parts.tags(there=record.test_data),
        ),
        identifier=[parts.identifier(one) for one in record.identifiers],
        active=record.active,
        name=_name(record),
        # Nobody is asked for it here. US Core wants that said, and not left out.
        gender="unknown",
        birthDate=record.birth_date or None,
        # One of the two, never both: FHIR's deceased[x].
        deceasedDateTime=record.died_on or None,
        deceasedBoolean=True if record.deceased and not record.died_on else None,
        link=_links(record),
    )
    return parts.versioned(made)


def _name(record: PatientRecord) -> list[parts.Json]:
    given = [record.given_name] if record.given_name else []
    name = parts.present(family=record.family_name or None, given=given)
    return [name] if name else []


def _links(record: PatientRecord) -> list[parts.Json]:
    links = [_link(other, "replaces") for other in record.replaces]
    if record.replaced_by is not None:
        links.append(_link(record.replaced_by, "replaced-by"))
    return links


def _link(other: UUID, kind: str) -> parts.Json:
    return {"other": parts.reference("Patient", str(other)), "type": kind}
