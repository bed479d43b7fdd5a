"""What leaves for other systems: how far each delivery is, and sending it again."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import Clinic
from records.actions import note_listing
from records.api.base import token_of
from records.api.plain import documented
from records.api.plain.base import PlainView, a_page, an_id, key_name, one_of
from records.api.plain.problems import Invalid
from records.api.plain.shapes import (
    DELIVERY_STATES,
    RECEIVERS,
    DeliveryPage,
    DeliveryShape,
)
from records.api.sent_once import key_of
from records.models import ApiToken, Delivery, Destination, Received
from records.outbox.asking import resend_for
from records.workflow import MoveRefused, State

RECEIVER = "Endpoint"
WORDS = {state: word for word, state in DELIVERY_STATES.items()}
KINDS = {kind: word for word, kind in RECEIVERS.items()}
OF_RECEIVER = OpenApiParameter(
    "receiver",
    {"type": "string", "format": "uuid"},
    description="Only what goes to this one.",
)


class Deliveries(PlainView):
    needs = {"GET": (RECEIVER, "search-type")}
    knows = ("state", "receiver", "cursor", "limit")

    @documented.operation(
        name="list_deliveries",
        summary="Deliveries to other systems and their states, the newest first",
        scope="system/Endpoint.rs",
        shape=DeliveryPage,
        example={"results": [documented.DELIVERY], "next": None},
        parameters=[
            documented.filtered(
                "state", list(DELIVERY_STATES), "Only those in this state."
            ),
            OF_RECEIVER,
            documented.CURSOR,
            documented.LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        token = token_of(request)
        rows = _deliveries(token.client.clinic)
        if state := one_of(request, "state", DELIVERY_STATES):
            rows = rows.filter(state=DELIVERY_STATES[state].value)
        if (receiver := an_id(request, "receiver")) is not None:
            rows = rows.filter(destination=receiver)
        found, after = a_page(request, rows, "caused_at")
        _note(token, found)
        return Response({"results": [_shape(row) for row in found], "next": after})


class OneDelivery(PlainView):
    needs = {"GET": (RECEIVER, "read")}

    @documented.operation(
        name="read_delivery",
        summary="One delivery and its state",
        scope="system/Endpoint.rs",
        shape=DeliveryShape,
        example=documented.DELIVERY,
        errors=(404,),
    )
    def get(self, request: Request, delivery_id: UUID) -> Response:
        token = token_of(request)
        row = _one(token, delivery_id)
        _note(token, [row])
        return Response(_shape(row))


class Resending(PlainView):
    needs = {"POST": (RECEIVER, "update")}

    @documented.operation(
        name="resend_delivery",
        summary="Send once more what was refused or given up",
        scope="system/Endpoint.u",
        shape=DeliveryShape,
        example={
            **documented.DELIVERY,
            "state": "waiting",
            "tries": 0,
            "next_at": "2026-03-08T05:06:07Z",
            "settled_at": None,
        },
        errors=(404, 422),
        request=None,
        parameters=[documented.KEY],
    )
    def post(self, request: Request, delivery_id: UUID) -> Response:
        token, at = token_of(request), timezone.now()
        row = _one(token, delivery_id)
        name = key_name(request, token.client, at=at)
        key = key_of(token.client, Received.Kind.RESEND, name, [str(row.id)])
        try:
            resend_for(
                delivery=row,
                client=token.client,
                key_hash=key.key_hash,
                digest=key.digest,
                at=at,
            )
        except MoveRefused as error:
            raise Invalid(str(error)) from error
        return Response(_shape(_one(token, delivery_id)))


def _deliveries(clinic: Clinic) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(destination__clinic=clinic)
    return rows.select_related("destination").defer(
        "destination__address", "destination__secret"
    )


def _one(token: ApiToken, delivery_id: UUID) -> Delivery:
    row = _deliveries(token.client.clinic).filter(id=delivery_id).first()
    if row is None:
        raise Http404
    return row


def _note(token: ApiToken, rows: list[Delivery]) -> None:
    """On record as a reading of the result, since it tells that there is one."""
    note_listing(
        token=token,
        resource=RECEIVER,
        object_type="Administration",
        object_ids=list(dict.fromkeys(row.administration_id for row in rows)),
        at=timezone.now(),
    )


def _shape(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.id,
        "receiver": {
            "id": row.destination_id,
            "name": row.destination.name,
            "kind": KINDS[Destination.Kind(row.destination.kind)],
        },
        "response": row.administration_id,
        "version": row.version,
        "state": WORDS[State(row.state)],
        "caused_at": row.caused_at,
        "tries": row.tries,
        "next_at": row.next_at,
        "settled_at": row.settled_at,
        "last_error": row.last_error,
    }
