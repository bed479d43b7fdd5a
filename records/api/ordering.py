"""Orders for a screening, and questionnaires to be reviewed, from other systems."""

import re
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from records.actions import (
    SentBefore,
    find_by_key,
    note_reading,
    receive_order,
    receive_questionnaire,
)
from records.api.base import ScopedView, base_url, token_of
from records.api.incoming import (
    Conflict,
    Incoming,
    condition_of,
    hashed,
    key_of,
    the_patient,
)
from records.api.views import UUID_FORM
from records.fhir import ordered
from records.fhir.drafted import as_draft, read_questionnaire
from records.fhir.ordered import Order, Ordered
from records.fhir.received import Issue, Refused
from records.models import ApiClient, DraftQuestionnaire, Received
from records.presenters import Naming
from records.presenters.incoming import in_use
from records.presenters.orders import battery_of, order_of, orders_of
from screening.actions import InvitationRefused, NotAvailable
from screening.models import Screening

KIND = Received.Kind.ORDER
Json = dict[str, Any]


class _CreateOrder(Incoming):
    """The patient is asked in their own language; a link leaves by mail or by staff."""

    def read(self, resource: object) -> Ordered:
        """The order in what was sent. Raises Refused."""
        raise NotImplementedError

    def written(self, order: Order) -> Json:
        """The order as this resource tells it."""
        raise NotImplementedError

    def take(self, request: Request, client: ApiClient) -> Response:
        naming, condition = Naming(base_url()), condition_of(request)
        if condition:
            key_hash = hashed(client, KIND, condition)
            known = find_by_key(clinic=client.clinic, kind=KIND, key_hash=key_hash)
            if known is not None:
                return self.answer(orders_of(client.clinic).get(id=known), 200)
        wanted = self.read(request.data)
        patient = the_patient(client, naming, wanted.person, "subject")
        battery = battery_of(wanted, naming)
        named = condition or wanted.identifier
        content = [str(patient.id), battery]
        key = key_of(client, KIND, named, content if named else [*content, _now()])
        try:
            taken = receive_order(
                client=client,
                patient=patient,
                battery=battery,
                language=patient.stays.language,
                mailed=True,
                key=key,
                at=timezone.now(),
            )
        except SentBefore as error:
            raise Conflict from error
        except (InvitationRefused, NotAvailable) as error:
            raise Refused(Issue("business-rule", str(error), self.resource)) from error
        row = orders_of(client.clinic).get(id=taken.object_id)
        return self.answer(row, 201 if taken.new else 200)

    def answer(self, row: Screening, code: int) -> Response:
        body = self.written(order_of(row, Naming(base_url())))
        place = f"{base_url()}/{self.resource}/{row.id}"
        return Response(body, status=code, headers={"Location": place})


def _now() -> str:
    """An order without a name of its own is a new one each time: what is asked twice
    and not begun is one screening all the same."""
    return timezone.now().isoformat()


class CreateServiceRequest(_CreateOrder):
    resource = "ServiceRequest"

    def read(self, resource: object) -> Ordered:
        return ordered.read_service_request(resource)

    def written(self, order: Order) -> Json:
        return ordered.service_request(order)


class CreateTask(_CreateOrder):
    resource = "Task"

    def read(self, resource: object) -> Ordered:
        return ordered.read_task(resource)

    def written(self, order: Order) -> Json:
        return ordered.task(order)


class _ReadOrder(ScopedView):
    interaction = "read"

    def written(self, order: Order) -> Json:
        """The order as this resource tells it."""
        raise NotImplementedError

    def get(self, request: Request, resource_id: str) -> Response:
        if not re.fullmatch(UUID_FORM, resource_id):
            raise NotFound
        token = token_of(request)
        row = orders_of(token.client.clinic).filter(id=resource_id).first()
        if row is None:
            raise NotFound
        note_reading(
            token=token,
            interaction=self.interaction,
            resource=self.resource,
            object_type="screening",
            object_id=str(row.id),
            at=timezone.now(),
        )
        return Response(self.written(order_of(row, Naming(base_url()))))


class ReadServiceRequest(_ReadOrder):
    resource = "ServiceRequest"

    def written(self, order: Order) -> Json:
        return ordered.service_request(order)


class ReadTask(_ReadOrder):
    resource = "Task"

    def written(self, order: Order) -> Json:
        return ordered.task(order)


class CreateQuestionnaire(Incoming):
    """A draft for a person to review. Nothing that is sent here is ever asked."""

    resource = "Questionnaire"

    def take(self, request: Request, client: ApiClient) -> Response:
        drafted = read_questionnaire(request.data)
        if drafted.url in in_use(Naming(base_url())):
            sentence = f"{drafted.url} is asked here already, from a reviewed file."
            raise Refused(Issue("duplicate", sentence, "Questionnaire.url"))
        content = _plain(request.data)
        named = key_of(client, "DRAFT", "", content)
        draft, new = receive_questionnaire(
            client=client,
            url=drafted.url,
            version=drafted.version,
            title=drafted.title,
            content=content,
            digest=hashed(client, "DRAFT", named.digest),
            at=timezone.now(),
        )
        place = f"{base_url()}/Questionnaire/{draft.id}"
        body = as_draft(draft.content, str(draft.id))
        return Response(body, status=201 if new else 200, headers={"Location": place})


class ReadDraft(ScopedView):
    """What was sent, to whoever of the clinic's systems may read questionnaires."""

    resource = "Questionnaire"
    interaction = "read"

    def get(self, request: Request, resource_id: str) -> Response:
        if not re.fullmatch(UUID_FORM, resource_id):
            raise NotFound
        rows = DraftQuestionnaire.objects.filter(discarded_at=None)
        rows = rows.filter(clinic=token_of(request).client.clinic, id=resource_id)
        if (draft := rows.first()) is None:
            raise NotFound
        return Response(as_draft(draft.content, str(draft.id)))


def _plain(value: Any) -> Any:
    """Decimals as JSON numbers, so that the row holds what was sent."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number
