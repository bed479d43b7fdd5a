"""Answers from another renderer or from paper: judged, stored, scored and flagged."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.models import Patient, same_person
from records.actions import (
    Key,
    NotTaken,
    SentBefore,
    find_by_key,
    find_received,
    note_not_taken,
    note_reading,
    receive_response,
)
from records.api.base import ScopedView, base_url, token_of
from records.api.parsing import StrictFhirJson, StrictJson
from records.api.sent_once import Precondition, condition_of, hashed, key_of
from records.definitions import api_policy
from records.fhir.answered import Sent, read_response
from records.fhir.endangered import danger_in
from records.fhir.judging import SAFETY, read_answers
from records.fhir.received import Issue, Person, Refused
from records.fhir.response import questionnaire_response
from records.models import ApiClient, Received
from records.permissions import LETTERS, covers
from records.presenters import Naming, finished, present
from records.presenters.incoming import (
    find_patient,
    harmless_codes,
    instrument_of,
    options_of,
)

NO_PATIENT = "No patient of this clinic is meant by this."
KIND = Received.Kind.RESPONSE


class Conflict(APIException):
    """Something else came under the same identifier."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = (
        "Something else was sent with this identifier before. A correction is made by "
        "the clinic's staff; other answers need an identifier of their own."
    )
    default_code = "conflict"
    expression = "identifier"


class Incoming(ScopedView, ABC):
    """What every create here shares: strict JSON, and a refusal that is on record."""

    interaction = "create"
    parser_classes = [StrictFhirJson, StrictJson]

    def check_permissions(self, request: Request) -> None:
        """Any other method is refused as such, whatever the scopes are."""
        if request.method == "POST":
            super().check_permissions(request)
        else:
            APIView.check_permissions(self, request)

    def post(self, request: Request) -> Response:
        client = token_of(request).client
        try:
            return self.take(request, client)
        except Refused as refused:
            codes = [issue.code for issue in refused.issues]
            self.note_refusal(client, codes, danger="processing" in codes)
            raise

    def note_refusal(
        self, client: ApiClient, codes: Sequence[str], *, danger: bool
    ) -> None:
        """Put on record that it was refused, and with which of FHIR's words."""
        note_not_taken(
            client=client,
            what=self.resource,
            reasons=codes,
            danger=danger,
            at=timezone.now(),
        )

    @abstractmethod
    def take(self, request: Request, client: ApiClient) -> Response:
        """Take one resource in. Raises Refused."""


class CreateResponse(Incoming):
    resource = "QuestionnaireResponse"

    def take(self, request: Request, client: ApiClient) -> Response:
        """Whatever it is refused for: if it shows danger, the refusal says so."""
        try:
            return self._take(request, client)
        except Refused as refused:
            raise _with_danger(refused, request) from refused
        except (Conflict, Precondition) as error:
            if _danger(request) is None:
                raise
            reason = error.default_code
            self.note_refusal(client, [reason], danger=True)
            raise type(error)(f"{error.detail} {SAFETY}") from error

    def _take(self, request: Request, client: ApiClient) -> Response:
        condition = condition_of(request)
        if condition:
            key_hash = hashed(client, KIND, condition)
            known = find_by_key(clinic=client.clinic, kind=KIND, key_hash=key_hash)
            if known is not None:
                return _answer(request, known, new=False)
        sent = read_response(request.data, earliest=api_policy().answers_earliest_year)
        naming = Naming(base_url())
        patient = the_patient(client, naming, sent.person, "subject")
        key = _key(client, condition or sent.identifier, sent, patient)
        try:
            taken = find_received(
                clinic=client.clinic, kind=KIND, key=key
            ) or self._store(client, patient, naming, sent, key)
        except SentBefore as error:
            raise Conflict from error
        return _answer(request, taken.object_id, new=taken.new)

    def _store(
        self,
        client: ApiClient,
        patient: Patient,
        naming: Naming,
        sent: Sent,
        key: Key,
    ) -> Any:
        instrument = instrument_of(
            naming,
            url=sent.questionnaire,
            version=sent.version,
            language=sent.language,
            of_patient=patient.language,
        )
        options = options_of(instrument, naming)
        answers = read_answers(instrument, sent.items, options)
        try:
            return receive_response(
                client=client,
                patient=patient,
                instrument_id=instrument.id,
                language=instrument.language,
                answers=answers,
                answered_at=sent.authored,
                key=key,
                at=timezone.now(),
            )
        except NotTaken as error:
            issue = Issue("business-rule", str(error), self.resource)
            raise Refused(issue) from error


def _with_danger(refused: Refused, request: Request) -> Refused:
    notice = _danger(request)
    return Refused(*refused.issues, notice) if notice else refused


def _danger(request: Request) -> Issue | None:
    return danger_in(request.data, harmless_codes(Naming(base_url())))


def the_patient(
    client: ApiClient, naming: Naming, person: Person, where: str
) -> Patient:
    """The clinic's own patient; whoever is another clinic's is not known here."""
    patient = find_patient(client.clinic, naming, person)
    if patient is None:
        raise Refused(Issue("not-found", NO_PATIENT, where))
    return patient


def _key(client: ApiClient, named: str, sent: Sent, patient: Patient) -> Key:
    """One person's answers are the same, of whichever of their records they are said,
    and whether they came before the records were merged or after it."""
    stays = patient.stays.id
    merged = same_person(stays).exclude(id=stays).values_list("id", flat=True)
    content, *before = (_content(sent, one) for one in (stays, *merged))
    return key_of(client, KIND, named, content, before=before)


def _content(sent: Sent, patient_id: uuid.UUID) -> object:
    """What makes it the same: whose it is, which form, when, and what was answered."""
    items = sorted(
        [one.link_id, str(one.number), one.code, one.declined]
        for one in sent.items
        if one.says_something
    )
    form = [sent.questionnaire, sent.version, sent.authored.isoformat()]
    return [str(patient_id), *form, items]


def _answer(request: Request, administration_id: Any, *, new: bool) -> Response:
    clinic = token_of(request).client.clinic
    row = finished(clinic, administration_id)
    if row is None:  # what was taken in is finished, and is never removed
        raise RuntimeError("What was received is not there.")
    body = questionnaire_response(present(row, clinic, Naming(base_url())))
    return taken_in(request, body, new=new, object_type="Administration", versions=True)


def taken_in(
    request: Request,
    body: dict[str, Any],
    *,
    new: bool,
    object_type: str,
    versions: bool = False,
) -> Response:
    """Where it is, and its version; the thing itself only for who may read it.

    What was sent may have been there before, with all that became of it since: who may
    only send in does not learn it by sending, and whoever does is on record for it.
    `versions`: whether each of its versions has an address.
    """
    token = token_of(request)
    resource, version = body["resourceType"], body["meta"]["versionId"]
    place = f"{base_url()}/{resource}/{body['id']}"
    if versions:
        place += f"/_history/{version}"
    code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    headers = {"Location": place, "ETag": f'W/"{version}"'}
    if not covers(token.granted, resource, LETTERS["read"]):
        return Response(status=code, headers=headers)
    note_reading(
        token=token,
        interaction="read",
        resource=resource,
        object_type=object_type,
        object_id=body["id"],
        at=timezone.now(),
    )
    return Response(body, status=code, headers=headers)
