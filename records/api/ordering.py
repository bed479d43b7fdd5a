"""Orders for a screening, and questionnaires to be reviewed, from other systems."""

from abc import abstractmethod
from math import isfinite
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
from records.api.base import base_url, token_of
from records.api.incoming import (
    Conflict,
    Incoming,
    taken_in,
    the_patient,
)
from records.api.params import read_uuid
from records.api.sent_once import condition_of, hashed, key_of
from records.api.views import ReadKind, single
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

    @abstractmethod
    def read(self, resource: object) -> Ordered:
        """The order in what was sent. Raises Refused."""

    @abstractmethod
    def written(self, order: Order) -> Json:
        """The order as this resource tells it."""

    def take(self, request: Request, client: ApiClient) -> Response:
        naming, condition = Naming(base_url()), condition_of(request)
        if condition:
            key_hash = hashed(client, KIND, condition)
            known = find_by_key(clinic=client.clinic, kind=KIND, key_hash=key_hash)
            if known is not None:
                row = orders_of(client.clinic).get(id=known)
                return self.answer(request, row, new=False)
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
        return self.answer(request, row, new=taken.new)

    def answer(self, request: Request, row: Screening, *, new: bool) -> Response:
        body = self.written(order_of(row, Naming(base_url())))
        return taken_in(request, body, new=new, object_type="screening")


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


class ReadTask(ReadKind):
    """A review of results, or an order: whichever has this id."""

    resource = "Task"

    def get(self, request: Request, resource_id: str) -> Response:
        try:
            return super().get(request, resource_id)
        except NotFound:
            return _order(request, resource_id)


def _order(request: Request, resource_id: str) -> Response:
    """One order as a Task, once its reading is written down."""
    token, known = token_of(request), read_uuid(resource_id)
    row = orders_of(token.client.clinic).filter(id=known).first() if known else None
    if row is None:
        raise NotFound
    found = ordered.task(order_of(row, Naming(base_url())))
    note_reading(
        token=token,
        interaction="read",
        resource=found["resourceType"],
        object_type="screening",
        object_id=str(row.id),
        at=timezone.now(),
    )
    return single(request, found)


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
        body = as_draft(draft.content, str(draft.id), draft.received_at)
        return Response(body, status=201 if new else 200, headers={"Location": place})


class ReadQuestionnaire(ReadKind):
    """A form that is asked here, or a draft, as the clinic's systems sent it in."""

    resource = "Questionnaire"

    def get(self, request: Request, resource_id: str) -> Response:
        try:
            return super().get(request, resource_id)
        except NotFound:
            return self._draft(request, resource_id)

    def _draft(self, request: Request, resource_id: str) -> Response:
        rows = DraftQuestionnaire.objects.filter(
            clinic=token_of(request).client.clinic, discarded_at=None
        )
        known = read_uuid(resource_id)
        draft = rows.filter(id=known).first() if known else None
        if draft is None:
            raise NotFound
        found = as_draft(draft.content, str(draft.id), draft.received_at)
        self.note(request, found)
        return single(request, found)


def _plain(value: Any) -> Any:
    """Decimals as JSON numbers, so that the row holds what was sent."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    number = float(value)
    if not isfinite(number):
        sentence = f"The number {value:.5g} is too large to be kept."
        raise Refused(Issue("value", sentence, "Questionnaire"))
    return int(number) if number.is_integer() else number
