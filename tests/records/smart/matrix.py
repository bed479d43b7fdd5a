"""Scope, resource and clinic: one line for each address of the API, written by hand.

`tests/records/smart/test_matrix.py` walks the URL conf: a route without a line fails,
and so does one whose view asks for another scope than its line says. To add a route:

    "flag": Route("Flag/{case}", GET="Flag.r"),

1. its name in `records.urls`;
2. its address below the FHIR base, or below /api/v1/ where it begins with a slash;
   the words in braces are things of a clinic, see `things` in the test;
3. by method: the scope that opens it, without "system/". OPEN needs none.

`own` is what the clinic's own program gets, if it is not 200; `foreign` what another
clinic's program gets that has the same scope: 404, or 200 with nothing of this one.
"""

from dataclasses import dataclass, field

OPEN = ""
# Taken, but what is sent is empty: the scope was enough.
EMPTY = 422


@dataclass(frozen=True)
class Route:
    """One address, and which scope opens which method of it."""

    path: str
    needs: dict[str, str] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    foreign: int = 404


def read(path: str, scope: str, *, own: int = 200, foreign: int = 404) -> Route:
    return Route(path, {"get": scope}, {"get": own}, foreign)


def create(path: str, scope: str) -> Route:
    return Route(path, {"post": scope}, {"post": EMPTY}, EMPTY)


ROUTES = {
    "smart-configuration": read(".well-known/smart-configuration", OPEN, foreign=200),
    "token": Route("auth/token", {"post": OPEN}, {"post": 415}, 415),
    "revoke": Route("auth/revoke", {"post": OPEN}, {"post": 415}, 415),
    "metadata": read("metadata", OPEN, foreign=200),
    "responses": create("QuestionnaireResponse", "QuestionnaireResponse.c"),
    "response": read("QuestionnaireResponse/{part}", "QuestionnaireResponse.r"),
    "observations": read(
        "Observation?derived-from=QuestionnaireResponse/{part}",
        "Observation.s",
        foreign=200,
    ),
    "observation": read("Observation/{part}.total", "Observation.r"),
    "service-requests": create("ServiceRequest", "ServiceRequest.c"),
    "service-request": read("ServiceRequest/{screening}", "ServiceRequest.r"),
    "tasks": create("Task", "Task.c"),
    "task": read("Task/{screening}", "Task.r"),
    "questionnaires": create("Questionnaire", "Questionnaire.c"),
    "questionnaire": read("Questionnaire/{draft}", "Questionnaire.r"),
    "patient": read("Patient/{patient}", "Patient.r"),
    "unknown": read("Practitioner/1", OPEN, own=404),
    "screenings": Route(
        "/screenings",
        {"get": "ServiceRequest.s", "post": "ServiceRequest.c"},
        {"get": 200, "post": EMPTY},
        200,
    ),
    "screening": read("/screenings/{screening}", "ServiceRequest.r"),
    "cases": read("/cases", "Task.s", foreign=200),
    "case": read("/cases/{case}", "Task.r"),
    "forms": read("/questionnaires", "Questionnaire.s", foreign=200),
    "no-such": read("/nothing", OPEN, own=404),
    "openapi": read("/openapi.json", OPEN, foreign=200),
    "api": read("/", OPEN, foreign=200),
}
# Open in scope, and closed without a token all the same.
NEED_A_TOKEN = {"unknown", "no-such"}
