"""Scope, resource and clinic: one line for each address of the API, written by hand.

`tests/records/smart/test_matrix.py` walks the URL conf: a route without a line fails,
and so does one whose view asks for another scope than its line says. To add a route:

    "Flag-read": read("Flag/{flag}", "Flag.r"),

1. its name in `records.urls`;
2. its address below the FHIR base, or below /api/v1/ where it begins with a slash;
   the words in braces are things of a clinic, see `things` in the test;
3. by method: the scope that opens it, without "system/"; of several letters each is
   needed. OPEN needs none.

`own` is what the clinic's own program gets, if it is not 200; `foreign` what another
clinic's program gets that has the same scope: 404, or 200 with nothing of this one.
"""

from dataclasses import dataclass, field
from typing import Any

OPEN = ""
# Taken, but what is sent is empty: the scope was enough.
EMPTY = 422


@dataclass(frozen=True)
class Route:
    """One address, and which scope opens which method of it.

    `headers` and `sent`: what has to come along before anything is answered at all.
    """

    path: str
    needs: dict[str, str] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    foreign: int = 404
    headers: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    form: bool = False


def read(path: str, scope: str, *, own: int = 200, foreign: int = 404) -> Route:
    return Route(path, {"get": scope}, {"get": own}, foreign)


def kind(resource: str, found: str, *, makes: bool = False) -> dict[str, Route]:
    """What every type has that can be read and searched; `makes`: and sent in."""
    needs = {"get": f"{resource}.s"} | ({"post": f"{resource}.c"} if makes else {})
    own = {"get": 200} | ({"post": EMPTY} if makes else {})
    search = Route(
        f"{resource}/_search", {"post": f"{resource}.s"}, {"post": 200}, form=True
    )
    return {
        resource: Route(resource, needs, own, 200),
        f"{resource}-search": search,
        f"{resource}-read": read(f"{resource}/{found}", f"{resource}.r"),
    }


def versions(resource: str, found: str) -> dict[str, Route]:
    """What a type has besides whose versions can be read."""
    history = f"{resource}/{found}/_history"
    return {
        f"{resource}-history": read(history, f"{resource}.r"),
        f"{resource}-version": read(f"{history}/1", f"{resource}.r"),
    }


def export(path: str, *, foreign: int = 202) -> Route:
    """An export of patients; another clinic's program gets its own clinic's."""
    asked = [{"name": "_type", "valueString": "Patient"}]
    return Route(
        f"{path}?_type=Patient",
        dict.fromkeys(("get", "post"), "Patient.rs"),
        dict.fromkeys(("get", "post"), 202),
        foreign,
        {"HTTP_PREFER": "respond-async"},
        {"resourceType": "Parameters", "parameter": asked},
    )


def operation(path: str, *, foreign: int = 404) -> Route:
    """What tells of subscriptions, by GET and by POST."""
    return Route(
        f"Subscription/{path}",
        dict.fromkeys(("get", "post"), "Subscription.r"),
        dict.fromkeys(("get", "post"), 200),
        foreign,
        sent={"resourceType": "Parameters"},
    )


ROUTES = {
    "smart-configuration": read(".well-known/smart-configuration", OPEN, foreign=200),
    "token": Route("auth/token", {"post": OPEN}, {"post": 415}, 415),
    "revoke": Route("auth/revoke", {"post": OPEN}, {"post": 415}, 415),
    "metadata": read("metadata", OPEN, foreign=200),
    **kind("QuestionnaireResponse", "{part}", makes=True),
    **versions("QuestionnaireResponse", "{part}"),
    **kind("Observation", "{part}.total"),
    **versions("Observation", "{part}.total"),
    **kind("Patient", "{patient}"),
    **kind("Questionnaire", "{draft}", makes=True),
    **kind("ServiceRequest", "{screening}", makes=True),
    **kind("Task", "{screening}", makes=True),
    **kind("Flag", "{flag}"),
    **kind("Communication", "{notice}"),
    **kind("Consent", "{screening}"),
    **kind("Provenance", "{provenance}"),
    **kind("AuditEvent", "{line}"),
    "Subscription-statuses": operation("$status", foreign=200),
    "Subscription-status": operation("{subscription}/$status"),
    "Subscription-events": operation("{subscription}/$events"),
    **kind("Subscription", "{subscription}", makes=True),
    # Its end comes last: after that it is not found.
    "Subscription-read": Route(
        "Subscription/{subscription}",
        {"get": "Subscription.r", "put": "Subscription.u", "delete": "Subscription.d"},
        {"get": 200, "put": EMPTY, "delete": 204},
    ),
    "export-system": export("$export"),
    "export-patients": export("Patient/$export"),
    "export-group": export("Group/{clinic}/$export", foreign=404),
    # Whose export it is, is what opens it; each file asks for the scope of its type.
    "export": read("exports/{export}", OPEN),
    "export-file": read("exports/{export}/{file}", "Patient.rs"),
    "unknown": read("Practitioner/1", OPEN, own=404),
    "screenings": Route(
        "/screenings",
        {"get": "ServiceRequest.s", "post": "ServiceRequest.c"},
        {"get": 200, "post": EMPTY},
        200,
    ),
    "screening": read("/screenings/{screening}", "ServiceRequest.r"),
    "revocation": Route(
        "/screenings/{asked}/revocation",
        {"post": "ServiceRequest.u"},
        {"post": 200},
    ),
    "deliveries": read("/deliveries", "Endpoint.s", foreign=200),
    "delivery": read("/deliveries/{delivery}", "Endpoint.r"),
    # What is on its way already is refused, once the scope is there.
    "resending": Route(
        "/deliveries/{delivery}/resending", {"post": "Endpoint.u"}, {"post": EMPTY}
    ),
    "cases": read("/cases", "Task.s", foreign=200),
    "case": read("/cases/{case}", "Task.r"),
    "forms": read("/questionnaires", "Questionnaire.s", foreign=200),
    "no-such": read("/nothing", OPEN, own=404),
    "openapi": read("/openapi.json", OPEN, foreign=200),
    "api": read("/", OPEN, foreign=200),
}
# Open in scope, and closed without a token all the same.
NEED_A_TOKEN = {"export", "unknown", "no-such"}
