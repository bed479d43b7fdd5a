"""Two Python libraries as judges: what each has against a text, if anything."""

import json
from collections.abc import Callable

from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models.fhirabstractbase import FHIRValidationError
from fhirclient.models.fhirelementfactory import FHIRElementFactory
from pydantic import ValidationError


def fhir_resources(text: str) -> list[str]:
    """Strict on types, members and zones; knows no codes."""
    model = get_fhir_model_class(json.loads(text)["resourceType"])
    try:
        model.model_validate_json(text)
    except ValidationError as refused:
        return [f"{one['loc']} {one['msg']}" for one in refused.errors()]
    return []


def fhirclient(text: str) -> list[str]:
    """What a client in use would fail on while it reads."""
    resource = json.loads(text)
    try:
        FHIRElementFactory.instantiate(resource["resourceType"], resource)
    except FHIRValidationError as refused:
        return [str(one) for one in refused.errors]
    return []


READERS: dict[str, Callable[[str], list[str]]] = {
    "fhir.resources": fhir_resources,
    "fhirclient": fhirclient,
}
