"""Screenings: asking a patient, and how far each has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import same_person
from records.actions import (
    NotTaken,
    SentBefore,
    note_listing,
    receive_order,
    revoke_order,
)
from records.api.base import base_url, token_of
from records.api.plain import documented
from records.api.plain.base import PlainView, a_page, an_id, key_name, one_of
from records.api.plain.problems import Invalid
from records.api.plain.shapes import (
    STATES,
    WORDS,
    NewScreening,
    ScreeningPage,
    ScreeningShape,
)
from records.api.sent_once import key_of
from records.fhir.received import Person
from records.models import ApiClient, Received
from records.presenters import Naming
from records.presenters.incoming import find_patient
from records.presenters.orders import (
    link_works,
    orders_of,
    responses_of,
    with_responses,
)
from screening.actions import InvitationRefused, NotAvailable
from screening.models import Screening

KIND = Received.Kind.ORDER
ORDER = "ServiceRequest"
OTHER_BODY = "This Idempotency-Key was used before, with another body."


class Screenings(PlainView):
    needs = {"GET": (ORDER, "search-type"), "POST": (ORDER, "create")}
    knows = ("state", "patient", "cursor", "limit")

    @documented.operation(
        name="list_screenings",
        summary="Screenings and their states, the newest first",
        scope="system/ServiceRequest.rs",
        shape=ScreeningPage,
        example={"results": [documented.SCREENING], "next": None},
        parameters=[
            documented.STATE,
            documented.OF_PATIENT,
            documented.CURSOR,
            documented.LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        token = token_of(request)
        rows = with_responses(orders_of(token.client.clinic))
        if state := one_of(request, "state", STATES):
            rows = rows.filter(status=STATES[state])
        if (patient := an_id(request, "patient")) is not None:
            rows = rows.filter(patient__in=same_person(patient).values("id"))
        found, after = a_page(request, rows, "created_at")
        note_listing(
            token=token,
            resource=ORDER,
            object_type="screening",
            object_ids=[row.id for row in found],
            at=timezone.now(),
        )
        return Response({"results": [shape(row) for row in found], "next": after})

    @documented.operation(
        name="invite",
        summary="Invite a patient to a screening",
        scope="system/ServiceRequest.c",
        shape=ScreeningShape,
        example=documented.SCREENING,
        codes=(200, 201),
        errors=(413, 415, 422),
        request=NewScreening,
        parameters=[documented.KEY],
        examples=[
            OpenApiExample("Invite", value=dict(documented.NEW), request_only=True)
        ],
    )
    def post(self, request: Request) -> Response:
        client, at = token_of(request).client, timezone.now()
        name = key_name(request, client, at=at)
        if not isinstance(request.data, dict):
            raise Invalid("Send one object.")
        reader = NewScreening(data=request.data)
        reader.is_valid(raise_exception=True)
        row, new = _ordered(client, reader.validated_data, name, at=at)
        return Response(shape(row), status=201 if new else 200)


class OneScreening(PlainView):
    needs = {"GET": (ORDER, "read")}

    @documented.operation(
        name="read_screening",
        summary="One screening and its state",
        scope="system/ServiceRequest.rs",
        shape=ScreeningShape,
        example=documented.SCREENING,
        errors=(404,),
    )
    def get(self, request: Request, screening_id: UUID) -> Response:
        token = token_of(request)
        row = orders_of(token.client.clinic).filter(id=screening_id).first()
        if row is None:
            raise Http404
        note_listing(
            token=token,
            resource=ORDER,
            object_type="screening",
            object_ids=[row.id],
            at=timezone.now(),
        )
        return Response(shape(row))


class Revocation(PlainView):
    needs = {"POST": (ORDER, "update")}

    @documented.operation(
        name="revoke_invitation",
        summary="Take back an invitation that nobody has begun to answer",
        scope="system/ServiceRequest.u",
        shape=ScreeningShape,
        example={**documented.SCREENING, "link_works": False},
        errors=(404, 422),
        request=None,
        parameters=[documented.KEY],
    )
    def post(self, request: Request, screening_id: UUID) -> Response:
        token, at = token_of(request), timezone.now()
        client, rows = token.client, orders_of(token.client.clinic)
        row = rows.filter(id=screening_id).first()
        if row is None:
            raise Http404
        name = key_name(request, client, at=at)
        key = key_of(client, Received.Kind.REVOKE, name, [str(row.id)])
        try:
            revoke_order(client=client, screening=row, key=key, at=at)
        except SentBefore as error:
            raise Invalid(OTHER_BODY) from error
        except NotTaken as error:
            raise Invalid(str(error)) from error
        return Response(shape(rows.get(id=row.id)))


def _ordered(
    client: ApiClient, given: dict[str, Any], name: str, *, at: datetime
) -> tuple[Screening, bool]:
    named = given["patient"]
    person = Person(id=str(named["id"])) if "id" in named else _number(named)
    patient = find_patient(client.clinic, Naming(base_url()), person)
    if patient is None:
        raise Invalid("No patient of this clinic is meant by this.")
    # Without a key it is a new wish each time; what waits already is not doubled.
    content = [str(patient.id), given["questionnaires"], given["mail"]]
    try:
        taken = receive_order(
            client=client,
            patient=patient,
            battery=given["questionnaires"],
            language=patient.stays.language,
            mailed=given["mail"],
            key=key_of(client, KIND, name, content),
            at=at,
        )
    except SentBefore as error:
        raise Invalid(OTHER_BODY) from error
    except (InvitationRefused, NotAvailable) as error:
        raise Invalid(str(error)) from error
    return orders_of(client.clinic).get(id=taken.object_id), taken.new


def _number(named: dict[str, Any]) -> Person:
    return Person(**named["identifier"])


def shape(row: Screening) -> dict[str, Any]:
    """A screening as the API tells it."""
    return {
        "id": row.id,
        "patient": row.patient.merged_into_id or row.patient_id,
        "questionnaires": row.battery,
        "language": row.language,
        "state": WORDS[Screening.Status(row.status)],
        "invited_at": row.created_at,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
        "closed_at": row.closed_at,
        "entered_in_error_at": row.retracted_at,
        "link_works": link_works(row, at=timezone.now()),
        "responses": responses_of(row),
    }
