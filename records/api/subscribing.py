"""Subscriptions: made, changed and ended by the client whose they are."""

from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import Patient
from core.webhook import AddressRefused, check_address
from records.actions import (
    SubscriptionChanged,
    SubscriptionRefused,
    change_subscription,
    create_subscription,
    delete_subscription,
)
from records.api.base import base_url, check_also, token_of
from records.api.incoming import Incoming, the_patient
from records.api.kinds.subscriptions import own_rows
from records.api.params import read_uuid
from records.api.parsing import StrictFhirJson, StrictJson
from records.api.sent_once import Precondition
from records.api.views import KindView
from records.fhir import subscription as written
from records.fhir.received import PATIENT, Issue, Person, Refused
from records.fhir.subscribing import Wanted, read_subscription
from records.models import ApiClient, Subscription
from records.permissions import LETTERS, covers
from records.presenters import Naming
from records.presenters.subscribed import limits, subscribed


class NoMatch(Precondition):
    """If-Match is not understood, or names another version than there is."""

    default_detail = "If-Match has to be the ETag of the version that you know."
    expression = "http.If-Match"
    issue = "conflict"


def read_wanted(
    request: Request, client: ApiClient, row: Subscription | None
) -> tuple[Wanted, Patient | None]:
    """What was sent, judged: whose topic the client may read, and where it leads.

    Raises Refused, or PermissionDenied for a topic whose resource is closed to it.
    """
    naming, at = Naming(base_url()), timezone.now()
    known = subscribed(row, naming).headers if row is not None else ()
    wanted = read_subscription(request.data, limits(naming), at=at, known=known)
    check_also(request, wanted.resource)
    if not covers(client.scopes, "Subscription", LETTERS["read"]):
        raise PermissionDenied(
            "Who is to be told needs the scope system/Subscription.r, too."
        )
    try:
        check_address(wanted.endpoint)
    except AddressRefused as error:
        place = "Subscription.channel.endpoint"
        raise Refused(Issue("value", str(error), place)) from error
    return wanted, _patient(client, naming, wanted)


def _patient(client: ApiClient, naming: Naming, wanted: Wanted) -> Patient | None:
    if not wanted.patient:
        return None
    place = "Subscription._criteria"
    match = PATIENT.fullmatch(wanted.patient)
    person = (
        Person(id=match["id"], server=match["server"] or "")
        if match
        else Person(id=wanted.patient)
    )
    return the_patient(client, naming, person, place)


class CreateSubscription(Incoming):
    resource = "Subscription"

    def take(self, request: Request, client: ApiClient) -> Response:
        wanted, patient = read_wanted(request, client, None)
        try:
            row = create_subscription(
                client=client, wanted=wanted, patient=patient, at=timezone.now()
            )
        except SubscriptionRefused as error:
            raise Refused(Issue("business-rule", str(error), "Subscription")) from error
        return answer(request, row, code=status.HTTP_201_CREATED)


def answer(request: Request, row: Subscription, *, code: int) -> Response:
    """Where it is, and its version; the thing itself only for who may read it."""
    token, body = (
        token_of(request),
        written.subscription(subscribed(row, Naming(base_url()))),
    )
    headers = {
        "Location": f"{base_url()}/Subscription/{row.id}",
        "ETag": f'W/"{row.version}"',
    }
    if not covers(token.granted, "Subscription", LETTERS["read"]):
        return Response(status=code, headers=headers)
    return Response(body, status=code, headers=headers)


class OwnSubscription(KindView):
    """A view of one subscription of the client's own."""

    resource = "Subscription"

    def find(self, request: Request, resource_id: str) -> Subscription:
        """Raises NotFound; whatever is somebody else's is not there."""
        known = read_uuid(resource_id)
        row = own_rows(self.asking(request)).filter(id=known).first() if known else None
        if row is None:
            raise NotFound
        return row


class UpdateSubscription(OwnSubscription):
    """Put in the place of the one that is there; off ends it, requested starts it anew."""

    interaction = "update"
    parser_classes = [StrictFhirJson, StrictJson]

    def put(self, request: Request, resource_id: str) -> Response:
        row = self.find(request, resource_id)
        given = request.data
        if not isinstance(given, dict) or given.get("id") != str(row.id):
            sentence = "id has to be that of the address."
            raise Refused(Issue("invalid", sentence, "Subscription.id"))
        wanted, patient = read_wanted(request, row.client, row)
        try:
            changed = change_subscription(
                subscription=row,
                wanted=wanted,
                patient=patient,
                seen=_seen(request),
                at=timezone.now(),
            )
        except SubscriptionChanged as error:
            raise NoMatch(str(error)) from error
        except SubscriptionRefused as error:
            raise Refused(Issue("business-rule", str(error), "Subscription")) from error
        return answer(request, changed, code=status.HTTP_200_OK)


def _seen(request: Request) -> int | None:
    """The version that If-Match names, where it is there."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    version = header.strip().removeprefix("W/").strip('"')
    if not version.isdecimal() or not version.isascii() or len(version) > 9:
        raise NoMatch
    return int(version)


class DeleteSubscription(OwnSubscription):
    interaction = "delete"

    def delete(self, request: Request, resource_id: str) -> Response:
        row = self.find(request, resource_id)
        try:
            delete_subscription(subscription=row, at=timezone.now())
        except SubscriptionRefused as error:  # by another request, in this very moment
            raise NotFound from error
        return Response(status=status.HTTP_204_NO_CONTENT)
