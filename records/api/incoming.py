"""Answers from another renderer or from paper: judged, stored, scored and flagged."""

import hashlib
import json
from typing import Any

from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.crypto import blind_index
from core.models import Patient
from records.actions import (
    Key,
    NotTaken,
    SentBefore,
    find_by_key,
    find_received,
    note_not_taken,
    receive_response,
)
from records.api.base import ScopedView, base_url, token_of
from records.api.parsing import StrictFhirJson, StrictJson
from records.fhir.judging import read_answers, safety_notice
from records.fhir.received import (
    Issue,
    Person,
    Refused,
    Sent,
    read_response,
)
from records.fhir.response import questionnaire_response
from records.models import ApiClient, Received
from records.presenters import Naming, finished, present
from records.presenters.incoming import (
    current,
    find_patient,
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


class Precondition(APIException):
    """A condition that is not understood is never taken as fulfilled."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "If-None-Exist has to be identifier=system|value."
    default_code = "precondition"


class Incoming(ScopedView):
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
            note_not_taken(
                client=client,
                what=self.resource,
                reasons=codes,
                danger="processing" in codes,
                at=timezone.now(),
            )
            raise

    def take(self, request: Request, client: ApiClient) -> Response:
        """Take one resource in. Raises Refused."""
        raise NotImplementedError


class CreateResponse(Incoming):
    resource = "QuestionnaireResponse"

    def take(self, request: Request, client: ApiClient) -> Response:
        condition = condition_of(request)
        if condition:
            key_hash = hashed(client, KIND, condition)
            known = find_by_key(clinic=client.clinic, kind=KIND, key_hash=key_hash)
            if known is not None:
                return _answer(client, known, new=False)
        sent = read_response(request.data)
        naming = Naming(base_url())
        patient = the_patient(client, naming, sent.person, "subject")
        key = key_of(
            client, KIND, condition or sent.identifier, _content(sent, patient)
        )
        try:
            taken = find_received(
                clinic=client.clinic, kind=KIND, key=key
            ) or self._store(client, patient, naming, sent, key)
        except SentBefore as error:
            raise Conflict from error
        return _answer(client, taken.object_id, new=taken.new)

    def _store(
        self,
        client: ApiClient,
        patient: Patient,
        naming: Naming,
        sent: Sent,
        key: Key,
    ) -> Any:
        try:
            instrument = instrument_of(
                naming,
                url=sent.questionnaire,
                version=sent.version,
                language=sent.language,
                of_patient=patient.language,
            )
        except Refused as refused:
            raise _with_danger(refused, naming, sent) from refused
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
            notice = safety_notice(instrument, sent.items, options)
            issue = Issue("business-rule", str(error), self.resource)
            raise Refused(issue, *notice) from error


def _with_danger(refused: Refused, naming: Naming, sent: Sent) -> Refused:
    """A form of another version is not judged; that it shows danger is said all the
    same, by the questions of today's version."""
    today = current(naming, sent.questionnaire)
    if today is None:
        return refused
    notice = safety_notice(today, sent.items, options_of(today, naming))
    return Refused(*refused.issues, *notice)


def the_patient(
    client: ApiClient, naming: Naming, person: Person, where: str
) -> Patient:
    """The clinic's own patient; whoever is another clinic's is not known here."""
    patient = find_patient(client.clinic, naming, person)
    if patient is None:
        raise Refused(Issue("not-found", NO_PATIENT, where))
    return patient


def condition_of(request: Request) -> str:
    """system|value of If-None-Exist, or nothing where there is no such header."""
    header = request.headers.get("If-None-Exist", "").strip().removeprefix("?")
    if not header:
        return ""
    name, _, value = header.partition("=")
    value = value.replace("%7C", "|").replace("%7c", "|")
    if name != "identifier" or not value.strip("|") or "&" in value:
        raise Precondition
    return value if "|" in value else f"|{value}"


def hashed(client: ApiClient, kind: str, key: str) -> str:
    """A number of another system may tell of a person: only its index is kept."""
    return blind_index(f"{client.clinic_id}:{kind}:{key}", purpose="records.received")


def key_of(client: ApiClient, kind: str, named: str, content: object) -> Key:
    """The key by which it is known again: the sender's, or else what it says."""
    written = json.dumps(content, sort_keys=True, default=str)
    digest = hashed(client, kind, hashlib.sha256(written.encode()).hexdigest())
    return Key(key_hash=hashed(client, kind, named) if named else digest, digest=digest)


def _content(sent: Sent, patient: Patient) -> object:
    """What makes it the same: whose it is, which form, when, and what was answered."""
    items = sorted(
        [one.link_id, str(one.number), one.code, one.declined]
        for one in sent.items
        if one.says_something
    )
    form = [sent.questionnaire, sent.version, sent.authored.isoformat()]
    return [str(patient.id), *form, items]


def _answer(client: ApiClient, administration_id: Any, *, new: bool) -> Response:
    row = finished(client.clinic, administration_id)
    if row is None:  # what was taken in is finished, and is never removed
        raise RuntimeError("What was received is not there.")
    body = questionnaire_response(present(row, client.clinic, Naming(base_url())))
    version = body["meta"]["versionId"]
    return Response(
        body,
        status=status.HTTP_201_CREATED if new else status.HTTP_200_OK,
        headers={
            "Location": f"{base_url()}/QuestionnaireResponse/{row.id}/_history/{version}",
            "ETag": f'W/"{version}"',
        },
    )
