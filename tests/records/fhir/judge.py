"""Independent judges of what leaves: two libraries, and FHIR's own JSON rules."""

import json
import re
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models.fhirelementfactory import FHIRElementFactory

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def judged(resource: dict[str, Any]) -> dict[str, Any]:
    """What the judge read from our text, written out again."""
    model = get_fhir_model_class(resource["resourceType"])
    read = model.model_validate_json(json.dumps(resource, allow_nan=False))
    written: dict[str, Any] = _same_clock(json.loads(read.model_dump_json()))
    return written


def accept(resource: dict[str, Any]) -> None:
    """Fail unless both judges read it, and one of them loses nothing of it."""
    check_rules(resource)
    # A client in use: it refuses any member that it does not know, and wrong types.
    FHIRElementFactory.instantiate(resource["resourceType"], resource)
    assert judged(resource) == _same_clock(resource)


def check_rules(value: object, place: str = "") -> None:
    """No null, nothing empty, ids of the allowed form."""
    assert value is not None, f"null at {place}"
    assert value not in ("", [], {}), f"empty at {place}"
    if isinstance(value, dict):
        for name, member in value.items():
            check_rules(member, f"{place}.{name}")
        if "resourceType" in value and "id" in value:
            assert ID.fullmatch(value["id"])
    elif isinstance(value, list):
        for number, member in enumerate(value):
            check_rules(member, f"{place}[{number}]")


def _same_clock(value: Any) -> Any:
    """One spelling of an instant, so that two writers can be compared."""
    if isinstance(value, dict):
        return {name: _same_clock(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_same_clock(member) for member in value]
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        return re.sub(r"(\.\d*?)0*(Z|\+00:00)$", r"\1Z", value).replace(".Z", "Z")
    return value
