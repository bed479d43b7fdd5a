"""Read a response, read an observation, search the observations of a response."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.http import http_date
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from records.actions import note_reading
from records.api.base import FhirView, ScopedView, base_url, token_of
from records.fhir.bundle import searchset
from records.fhir.capability import capability_statement
from records.fhir.observation import observations
from records.fhir.patient import patient
from records.fhir.response import questionnaire_response
from records.fhir.values import Administration, Server
from records.presenters import Naming, finished, patient_record, present

UUID_FORM = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OBSERVATION_ID = re.compile(rf"(?P<administration>{UUID_FORM})\.[A-Za-z0-9.-]+")
DERIVED_FROM = re.compile(rf"QuestionnaireResponse/(?P<id>{UUID_FORM})")
SEARCH_HELP = (
    "Search by derived-from=QuestionnaireResponse/[id], once; "
    "nothing else is supported."
)


class Metadata(FhirView):
    """What the server can do. Open: it says nothing of any clinic."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        server = Server(base_url=base_url(), software=settings.PRODUCT_NAME)
        return Response(capability_statement(server))


class ReadQuestionnaireResponse(ScopedView):
    resource = "QuestionnaireResponse"
    interaction = "read"

    def get(self, request: Request, resource_id: str) -> Response:
        if not re.fullmatch(UUID_FORM, resource_id):
            raise NotFound
        administration = _load(self, request, resource_id)
        if administration is None:
            raise NotFound
        return _single(questionnaire_response(administration))


class ReadObservation(ScopedView):
    resource = "Observation"
    interaction = "read"

    def get(self, request: Request, resource_id: str) -> Response:
        match = OBSERVATION_ID.fullmatch(resource_id)
        if match is None:
            raise NotFound
        administration = _load(self, request, match["administration"])
        if administration is None:
            raise NotFound
        for observation in observations(administration):
            if observation["id"] == resource_id:
                return _single(observation)
        raise NotFound


class SearchObservations(ScopedView):
    resource = "Observation"
    interaction = "search-type"

    def get(self, request: Request) -> Response:
        administration = _load(self, request, _derived_from(request))
        found = observations(administration) if administration else []
        here = f"{base_url()}/Observation?{request.query_params.urlencode(safe='/')}"
        return Response(searchset(found, base_url=base_url(), self_url=here))


class ReadPatient(ScopedView):
    """A record also after it was merged: whoever kept its id learns what replaced it."""

    resource = "Patient"
    interaction = "read"

    def get(self, request: Request, resource_id: str) -> Response:
        if not re.fullmatch(UUID_FORM, resource_id):
            raise NotFound
        token = token_of(request)
        naming = Naming(base=base_url())
        record = patient_record(token.client.clinic, UUID(resource_id), naming)
        if record is None:
            raise NotFound
        note_reading(
            token=token,
            interaction=self.interaction,
            resource=self.resource,
            object_type="patient",
            object_id=resource_id,
            at=timezone.now(),
        )
        changed = http_date(record.changed_at.timestamp())
        return Response(patient(record), headers={"Last-Modified": changed})


class Unknown(FhirView):
    """Every other address: not found, and said in FHIR."""

    def get(self, request: Request) -> Response:
        raise NotFound


def _load(
    view: ScopedView, request: Request, administration_id: str
) -> Administration | None:
    """The finished administration of the caller's clinic, its reading written down."""
    token = token_of(request)
    clinic = token.client.clinic
    row = finished(clinic, UUID(administration_id))
    if row is None:
        return None
    administration = present(row, clinic, Naming(base=base_url()))
    note_reading(
        token=token,
        interaction=view.interaction,
        resource=view.resource,
        object_type="Administration",
        object_id=administration_id,
        at=timezone.now(),
    )
    return administration


def _derived_from(request: Request) -> str:
    """The one response whose observations are wanted; anything vaguer is refused."""
    given = request.query_params.getlist("derived-from")
    others = request.query_params.keys() - {"derived-from", "_format"}
    reference = given[0].removeprefix(f"{base_url()}/") if len(given) == 1 else ""
    match = DERIVED_FROM.fullmatch(reference)
    if match is None or others:
        raise ParseError(SEARCH_HELP)
    return match["id"]


def _single(resource: dict[str, Any]) -> Response:
    meta = resource["meta"]
    changed = datetime.fromisoformat(meta["lastUpdated"]).timestamp()
    headers = {
        "ETag": f'W/"{meta["versionId"]}"',
        "Last-Modified": http_date(changed),
    }
    return Response(resource, headers=headers)
