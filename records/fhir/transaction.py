"""One finished result for another server: a Bundle that may be sent twice.

Every resource is named by an identifier that stays the same wherever it is copied to;
the other server's own ids are learnt from its answer, if at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from records.fhir import parts
from records.fhir.observation import observations
from records.fhir.patient import patient
from records.fhir.response import questionnaire_response
from records.fhir.values import Administration, PatientRecord


@dataclass(frozen=True, slots=True)
class Part:
    """One resource to send: what it is called here, by which search it is found
    there, and its content, whose references still carry our names."""

    name: str
    kind: str
    search: str
    full_url: str
    resource: parts.Json


def result_parts(
    administration: Administration, record: PatientRecord
) -> tuple[Part, ...]:
    """Everything of one result, in an order in which each refers to earlier ones."""
    made = observations(administration)
    # The panel names its members, so it comes last.
    resources = [questionnaire_response(administration), *made[1:], made[0]]
    return (_patient(record), *(_part(one) for one in resources))


def transaction(found: Sequence[Part]) -> parts.Json:
    """The whole result in one act: all of it is taken, or nothing."""
    names = {part.name: {"reference": part.full_url} for part in found}
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": part.full_url,
                "resource": referring(part.resource, names),
                "request": _request(part),
            }
            for part in found
        ],
    }


def referring(resource: Any, names: Mapping[str, parts.Json]) -> Any:
    """The resource with each reference to one of `names` said in their words.

    A reference keeps what else it says: the type and the clinic's own number.
    """
    if isinstance(resource, list):
        return [referring(one, names) for one in resource]
    if not isinstance(resource, dict):
        return resource
    made = {key: referring(value, names) for key, value in resource.items()}
    known = names.get(str(resource.get("reference")))
    if known is None:
        return made
    del made["reference"]
    return {**known, **made}


def logical(part: Part) -> parts.Json:
    """A reference to what the other server does not keep: by identifier alone."""
    given = part.resource["identifier"]
    return {"identifier": given[0] if isinstance(given, list) else given}


def _request(part: Part) -> parts.Json:
    if part.kind == "Patient":
        # Whoever is known there already is left as they are.
        return {"method": "POST", "url": "Patient", "ifNoneExist": part.search}
    return {"method": "PUT", "url": f"{part.kind}?{part.search}"}


def _patient(record: PatientRecord) -> Part:
    whole = patient(record)
    # Which records were merged is our own history: they are not known there.
    whole.pop("link", None)
    own = parts.urn_uuid(record.id)
    numbers = whole.get("identifier", [])
    whole["identifier"] = [*numbers, own]
    return _part(whole, key=numbers[0] if numbers else own)


def _part(resource: parts.Json, *, key: parts.Json | None = None) -> Part:
    given = resource["identifier"]
    named = key or (given[0] if isinstance(given, list) else given)
    kind = resource["resourceType"]
    search = urlencode({"identifier": f"{named['system']}|{named['value']}"})
    return Part(
        name=f"{kind}/{resource['id']}",
        kind=kind,
        search=search,
        full_url=f"urn:uuid:{_uuid(resource)}",
        resource=_for_elsewhere(resource),
    )


def _uuid(resource: parts.Json) -> UUID:
    """Ids of observations are no UUIDs: one is made of them, always the same."""
    whole, _, key = resource["id"].partition(".")
    return uuid5(UUID(whole), f"{resource['resourceType']}.{key}")


def _for_elsewhere(resource: parts.Json) -> parts.Json:
    """Without what the other server decides: its id, its versions."""
    made = {name: value for name, value in resource.items() if name != "id"}
    tags = resource.get("meta", {}).get("tag", [])
    made.pop("meta", None)
    return {**made, "meta": {"tag": tags}} if tags else made
