"""What the server can do, said only where the code does it."""

from records.fhir import parts
from records.fhir.bulk import INSTANTIATES, OPERATIONS
from records.fhir.served import SERVED
from records.fhir.subscription import TOPIC
from records.fhir.values import Interaction, Server

__all__ = ["SERVED", "capability_statement"]

# When this statement last changed.
STATED_ON = "2026-11-26"
SECURITY = (
    "Every request except this statement needs a bearer token with SMART scopes, such "
    "as system/Observation.rs. A program that the clinic's administrator has connected "
    "gets one as a SMART backend service: .well-known/smart-configuration says how."
)
SECURITY_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
PAGING = (
    "A search answers in pages: _count asks for their size, and the link called next "
    "leads to the page that follows. _sort takes one date parameter, named in the answer "
    "to any other; _summary, _elements and _total are understood, and _count=0 gives the "
    "number alone. What a search does not know is refused, unless the request says "
    "Prefer: handling=lenient: then it is left out, and so is it from the link called "
    "self."
)


def capability_statement(server: Server) -> parts.Json:
    """The whole statement, read from the table of what is served."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": STATED_ON,
        "kind": "instance",
        "instantiates": [INSTANTIATES],
        "software": {"name": server.software},
        "implementation": {
            "description": "Screenings, their results and their review, as a clinic's "
            "record of them.",
            "url": server.base_url,
        },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": PAGING,
                "security": _security(server),
                "resource": [_resource(served, server) for served in SERVED],
                "operation": list(OPERATIONS),
            }
        ],
    }


def _security(server: Server) -> parts.Json:
    """Older clients look for the token's address here, not at the well-known one."""
    service = {"system": SECURITY_SERVICES, "code": "SMART-on-FHIR"}
    token = {"url": "token", "valueUri": f"{server.base_url}/auth/token"}
    return {
        "extension": [{"url": OAUTH_URIS, "extension": [token]}],
        "cors": False,
        "service": [{"coding": [service]}],
        "description": SECURITY,
    }


def _resource(served: Interaction, server: Server) -> parts.Json:
    subscribed = served.resource == "Subscription"
    return parts.present(
        extension=_topics(server) if subscribed else None,
        type=served.resource,
        documentation=served.note or None,
        supportedProfile=list(served.profiles),
        interaction=[{"code": code} for code in served.codes],
        versioning="versioned" if served.versioned else "no-version",
        conditionalCreate=True if served.conditional else None,
        readHistory="vread" in served.codes,
        conditionalRead="full-support",
        searchInclude=list(served.includes),
        searchRevInclude=list(served.revincludes),
        searchParam=[
            {"name": name, "type": kind, "definition": definition}
            for name, kind, definition in served.search
        ],
        operation=[
            {"name": name, "definition": definition}
            for name, definition in served.operations
        ],
    )


def _topics(server: Server) -> list[parts.Json]:
    """R4 has no resource for a topic: the Backport names them here."""
    return [{"url": TOPIC, "valueCanonical": url} for url in server.topics]
