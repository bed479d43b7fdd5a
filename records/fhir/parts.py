"""The small FHIR data types that every resource here is made of."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from records.fhir.values import (
    Administration,
    Coding,
    Concept,
    Identifier,
    Item,
    Subject,
)

Json: TypeAlias = dict[str, Any]
# What can be put right after the submit: one answer, or all that rests on them.
Amended: TypeAlias = Administration | Item

UCUM = "http://unitsofmeasure.org"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
DECLINED, NOT_ASKED = "asked-declined", "not-asked"
UNKNOWN = "unknown"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
TEST_DATA = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
URI = "urn:ietf:rfc:3986"


def present(**members: Any) -> Json:
    """A dictionary without what is absent: FHIR knows no null and no empty list."""
    return {
        name: value
        for name, value in members.items()
        if value is not None and value != [] and value != {}
    }


@lru_cache(maxsize=1024)
def instant(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError("A time without a zone cannot leave in a record.")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(value: Decimal | int) -> int | float:
    """A JSON number: whole totals stay whole, a prorated one keeps its decimals."""
    return int(value) if value == int(value) else float(value)


def coding(value: Coding) -> Json:
    return present(system=value.system, code=value.code, display=value.display)


def concept(value: Concept) -> Json:
    return present(coding=[coding(value.coding)], text=value.text)


def why_absent(item: Item) -> str:
    """The code of FHIR's list of reasons, for an item without an answer."""
    return DECLINED if item.declined else NOT_ASKED


def identifier(value: Identifier) -> Json:
    return {"system": value.system, "value": value.value}


def urn_uuid(value: UUID) -> Json:
    """An identifier that stays the same wherever the record is copied to."""
    return {"system": URI, "value": f"urn:uuid:{value}"}


def reference(resource: str, resource_id: str) -> Json:
    return {"reference": f"{resource}/{resource_id}", "type": resource}


def staff(value: Identifier) -> Json:
    """A member of staff by number alone: names are for the clinic's own pages."""
    return {"type": "Practitioner", "identifier": identifier(value)}


def subject(value: Subject) -> Json:
    known = identifier(value.identifier) if value.identifier else None
    return present(**reference("Patient", str(value.id)), identifier=known)


def meta(administration: Administration, of: Amended) -> Json:
    """Which version of `of` this is, and since when it stands in our record."""
    return present(
        # What is not submitted is numbered apart: i3 is in progress, s3 stopped.
        versionId=f"{administration.stage[:1]}{of.revision}",
        lastUpdated=instant(last_changed(administration, of)),
        tag=tags(there=administration.test_data),
    )


def last_changed(administration: Administration, of: Amended | None = None) -> datetime:
    """Since when it stands so: words, whose it is, and whether it counts at all."""
    since = [issued_at(administration, of or administration)]
    if administration.moved_at:
        since.append(administration.moved_at)
    if administration.retracted:
        since.append(administration.retracted.at)
    return max(since)


def issued_at(administration: Administration, of: Amended) -> datetime:
    """When these words came to be: by the submit, or by the last amendment."""
    return of.amended_at or administration.submitted


# What was said of somebody by mistake; the word is the same for every type.
IN_ERROR = "entered-in-error"


def tags(*, there: bool) -> list[Json]:
    """The mark of what was made up, on everything that a clinic for trying holds."""
    return [TEST_DATA] if there else []


def versioned(resource: Json) -> Json:
    """The resource with a version made of its content: what differs has another."""
    said = json.dumps(resource, sort_keys=True, separators=(",", ":"))
    mark = hashlib.sha256(said.encode()).hexdigest()[:16]
    return {**resource, "meta": {"versionId": mark, **resource.get("meta", {})}}


def observation_id(administration: Administration, key: str) -> str:
    """The administration's id and a key, so that a reader finds both again."""
    return f"{administration.id}.{key}"


def observation_urn(administration: Administration, key: str) -> Json:
    return urn_uuid(uuid5(administration.id, key))
