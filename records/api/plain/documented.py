"""What each operation answers, told once for the description: shapes, errors, examples."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)

from records.api.plain.problems import MEDIA_TYPE, PROBLEMS, problem
from records.api.plain.shapes import STATES, Problem

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
ALWAYS = (400, 401, 403, 429, 500)
# A whole person, who does not exist.
PERSON = "7d0f2a3e-5a51-4a43-9a5e-1f2f7c1a0b01"
SCREENING: Mapping[str, Any] = {
    "id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
    "patient": PERSON,
    "questionnaires": ["phq-9"],
    "language": "en",
    "state": "invited",
    "invited_at": "2026-03-04T05:06:07Z",
    "started_at": None,
    "completed_at": None,
    "closed_at": None,
    "entered_in_error_at": None,
    "link_works": True,
    "responses": [],
}
CASE: Mapping[str, Any] = {
    "id": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
    "patient": PERSON,
    "state": "waiting",
    "opened_at": "2026-03-04T05:06:07Z",
    "due_at": "2026-03-04T17:00:00Z",
    "overdue": False,
}
DELIVERY: Mapping[str, Any] = {
    "id": "0c7c2f0e-6f0f-4a7e-8d52-0a4f6f0e2c11",
    "receiver": {
        "id": "5d1f6a39-3c57-4f0e-9b0a-6b8d5f0c7a22",
        "name": "Hospital record",
        "kind": "fhir",
    },
    "response": "9a1d2f4b-7c3e-4e5f-8a6b-1c2d3e4f5a6b",
    "version": 1,
    "state": "given-up",
    "caused_at": "2026-03-04T05:06:07Z",
    "tries": 22,
    "next_at": None,
    "settled_at": "2026-03-07T05:06:07Z",
    "last_error": "The receiver answered 500.",
}
NEW: Mapping[str, Any] = {
    "patient": {"identifier": {"system": "record-number", "value": "MRN-000001"}},
    "questionnaires": ["phq-9", "gad-7"],
    "mail": True,
}
CURSOR = OpenApiParameter("cursor", str, description="What the page before calls next.")
LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 200}, description="Page size."
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 200},
    location=OpenApiParameter.HEADER,
    description="Your own name for this request. Sent again with the same body, it "
    "makes nothing new, and is answered 200 with what it made before.",
)


def filtered(name: str, words: Sequence[str], text: str) -> OpenApiParameter:
    """A parameter that is one of these words."""
    return OpenApiParameter(
        name, {"type": "string", "enum": [*words]}, description=text
    )


STATE = filtered("state", list(STATES), "Only those in this state.")
OF_PATIENT = OpenApiParameter(
    "patient", {"type": "string", "format": "uuid"}, description="Only this patient's."
)


def operation(
    *,
    name: str,
    summary: str,
    scope: str,
    shape: Any,
    example: Mapping[str, Any],
    codes: Sequence[int] = (200,),
    errors: Sequence[int] = (),
    **more: Any,
) -> Callable[[Decorated], Decorated]:
    """One operation: what it is for, which scope it needs, all that it can answer."""
    answers: dict[Any, Any] = {
        (code, "application/json"): OpenApiResponse(
            shape,
            description="Made." if code == 201 else "As it stands now.",
            examples=[OpenApiExample("Example", value=dict(example))],
        )
        for code in codes
    }
    for code in sorted({*ALWAYS, *errors}):
        told = OpenApiExample(PROBLEMS[code][0], value=_problem(code))
        answers[code, MEDIA_TYPE] = OpenApiResponse(
            Problem, description=PROBLEMS[code][1], examples=[told]
        )
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=f"Needs the scope `{scope}`.",
        responses=answers,
        **more,
    )


def _problem(code: int) -> dict[str, Any]:
    fields = [{"field": "questionnaires", "message": "This field is required."}]
    return problem(code, errors=fields if code == 422 else None)
