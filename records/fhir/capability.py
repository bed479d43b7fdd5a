"""What the server can do, said only where the code does it."""

from records.fhir import parts
from records.fhir.values import Interaction, Server

SERVED = (
    Interaction(
        resource="QuestionnaireResponse", codes=("read", "create"), conditional=True
    ),
    Interaction(
        resource="Observation",
        codes=("read", "search-type"),
        search=(
            (
                "derived-from",
                "reference",
                "http://hl7.org/fhir/SearchParameter/Observation-derived-from",
            ),
        ),
    ),
    Interaction(resource="Patient", codes=("read",), versioned=False),
    Interaction(resource="Questionnaire", codes=("create", "read"), versioned=False),
    Interaction(
        resource="ServiceRequest",
        codes=("create", "read"),
        versioned=False,
        conditional=True,
    ),
    Interaction(
        resource="Task", codes=("create", "read"), versioned=False, conditional=True
    ),
)
# When this statement last changed.
STATED_ON = "2026-11-25"
SECURITY = (
    "Every request except this statement needs a bearer token, which the clinic's "
    "administrator issues with SMART scopes, such as system/Observation.rs."
)


def capability_statement(server: Server) -> parts.Json:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": STATED_ON,
        "kind": "instance",
        "software": {"name": server.software},
        "implementation": {
            "description": "Finished screenings, as a clinic's record of them.",
            "url": server.base_url,
        },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": SECURITY},
                "resource": [_resource(served) for served in SERVED],
            }
        ],
    }


def _resource(served: Interaction) -> parts.Json:
    return parts.present(
        type=served.resource,
        interaction=[{"code": code} for code in served.codes],
        versioning="versioned" if served.versioned else "no-version",
        conditionalCreate=True if served.conditional else None,
        readHistory=False,
        searchParam=[
            {"name": name, "type": kind, "definition": definition}
            for name, kind, definition in served.search
        ],
    )
