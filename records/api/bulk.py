"""Bulk Data: asking for an export, how far it is, its files, and cancelling it."""

import json
import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from rest_framework.exceptions import NotFound, ParseError, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from records.actions import note_refusal
from records.api.base import FhirView, check_also, token_of
from records.api.negotiation import FhirNegotiation, FhirRenderer
from records.client import store
from records.fhir.bulk import (
    TYPES,
    Asked,
    AskRefused,
    given_parameters,
    manifest,
    read_asked,
)
from records.fhir.outcome import operation_outcome
from records.models import ApiToken, Export, ExportFile
from records.outbox import exports
from records.permissions import ScopeRefused, check_scope
from records.presenters.exporting import ERRORS

log = logging.getLogger(__name__)
NDJSON = "application/fhir+ndjson"
RETRY_AFTER = "5"
PREFER = "Ask with the header Prefer: respond-async."
FULL = "This client has enough exports under way. Wait for one, or cancel it."
AWAY = "Where files are kept cannot be reached now. Ask for it again in a minute."
LONGEST_BODY = 100_000
# Who exports a type reads all of it.
NEEDED = ("read", "search-type")


class _KickOff(FhirView):
    """Takes an export down; a worker makes it."""

    level = "system"

    def get(self, request: Request, **where: str) -> Response:
        given = dict(request.query_params.lists())
        return self._ask(request, given, **where)

    def post(self, request: Request, **where: str) -> Response:
        raw = request.body
        try:
            body = json.loads(raw) if len(raw) <= LONGEST_BODY else None
            given = given_parameters(body)
        except (AskRefused, ValueError, RecursionError) as error:
            known = isinstance(error, AskRefused)
            raise ParseError(str(error) if known else "This is no JSON.") from error
        return self._ask(request, given, **where)

    def _ask(
        self, request: Request, given: dict[str, list[str]], **where: str
    ) -> Response:
        self._find(request, **where)
        preferred = request.headers.get("Prefer", "").replace(" ", "")
        if "respond-async" not in preferred:
            raise ParseError(PREFER)
        try:
            asked = read_asked(given, lenient="handling=lenient" in preferred)
        except AskRefused as error:
            place = error.place or None
            return Response(
                operation_outcome(code="value", text=str(error), expression=place),
                status=400,
            )
        wanted = exports.Ask(
            level=self.level,
            types=self._allowed(request, asked),
            since=asked.since,
            patients=asked.patients,
            request=request.build_absolute_uri(),
        )
        try:
            made = exports.ask(
                client=token_of(request).client, wanted=wanted, at=timezone.now()
            )
        except exports.TooMany:
            outcome = operation_outcome(code="throttled", text=FULL)
            return Response(outcome, status=429, headers={"Retry-After": "60"})
        address = _absolute(reverse("records:export", args=[made.id]))
        return Response(status=202, headers={"Content-Location": address})

    def _find(self, request: Request) -> None:
        """Whether there is what the address names."""

    def _allowed(self, request: Request, asked: Asked) -> list[str]:
        """The types that were asked for, all within the scopes; or all that are."""
        token = token_of(request)
        inside = [one for one in TYPES if _may(token, one)]
        outside = [one for one in asked.types if one not in inside]
        if outside or not inside:
            resource = outside[0] if outside else TYPES[0]
            note_refusal(
                token=token, interaction="export", resource=resource, at=timezone.now()
            )
            raise PermissionDenied(f"This needs the scope system/{resource}.rs.")
        return [one for one in asked.types or inside if one not in asked.empty]


class ExportSystem(_KickOff):
    """Everything of the clinic that the token is for."""


class ExportPatients(_KickOff):
    """All patients, or those that a POST names."""

    level = "patient"


class ExportGroup(_KickOff):
    """The one group there is: all patients of the clinic, by the clinic's own id."""

    level = "group"

    def _find(self, request: Request, group_id: str = "") -> None:
        if group_id != str(token_of(request).client.clinic_id):
            raise NotFound


class ExportStatus(FhirView):
    """How far an export is, where its files are, and its cancelling."""

    def get(self, request: Request, export_id: UUID) -> Response:
        row = _mine(request, export_id)
        if row.state in exports.OPEN:
            far = f"{row.done} of {row.total} records" if row.total else "begins soon"
            return Response(
                status=202, headers={"X-Progress": far, "Retry-After": RETRY_AFTER}
            )
        if row.state == Export.State.FAILED:
            outcome = operation_outcome(code="exception", text=row.error)
            return Response(outcome, status=500)
        files = [_listed(one) for one in row.files.order_by("resource", "part")]
        body = manifest(
            at=row.until_at,
            request=row.request,
            output=[one for one in files if one[0] != ERRORS],
            errors=[one for one in files if one[0] == ERRORS],
        )
        expires = row.expires_at or timezone.now()
        response = Response(body, headers={"Expires": http_date(expires.timestamp())})
        # The manifest is no FHIR resource.
        self.manifest = True
        return response

    def delete(self, request: Request, export_id: UUID) -> Response:
        row = _mine(request, export_id)
        if not exports.cancel(export=row, at=timezone.now()):
            raise NotFound
        outcome = operation_outcome(
            code="informational",
            text="The export is cancelled.",
            severity="information",
        )
        return Response(outcome, status=202)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        made = super().finalize_response(request, response, *args, **kwargs)
        if getattr(self, "manifest", False):
            made.content_type = "application/json"
        return made


class AnyNegotiation(FhirNegotiation):
    """A file is of one kind, whatever the client says that it accepts."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return FhirRenderer(), NDJSON


class ExportContent(FhirView):
    """One file, for the client that asked for the export."""

    content_negotiation_class = AnyNegotiation

    def get(self, request: Request, export_id: UUID, file_id: UUID) -> HttpResponseBase:
        row = _mine(request, export_id)
        file = row.files.filter(id=file_id).first()
        if file is None or row.state != Export.State.DONE:
            raise NotFound
        if file.resource != ERRORS:
            for interaction in NEEDED:
                check_also(request, file.resource, interaction)
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        try:
            content = store.read(
                row.id, file.resource, file.part, size=file.size, zipped=zipped
            )
        except FileNotFoundError as error:
            raise NotFound from error
        except store.Away:
            log.exception("a file of export %s cannot be had now", row.id)
            outcome = operation_outcome(code="transient", text=AWAY)
            return Response(outcome, status=503, headers={"Retry-After": "60"})
        exports.note_download(export=row, file_id=file.id, at=timezone.now())
        response = StreamingHttpResponse(content, content_type=NDJSON)
        response["Cache-Control"] = "no-store"
        response["Vary"] = "Accept-Encoding"
        if zipped:
            response["Content-Encoding"] = "gzip"
        else:
            response["Content-Length"] = str(file.size)
        return response

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Any:
        if isinstance(response, StreamingHttpResponse):
            return response
        return super().finalize_response(request, response, *args, **kwargs)


def _may(token: ApiToken, resource: str) -> bool:
    """A token may carry fewer scopes than its client was registered with."""
    try:
        for interaction in NEEDED:
            check_scope(token.granted, resource, interaction)
    except ScopeRefused:
        return False
    return True


def _mine(request: Request, export_id: UUID) -> Export:
    """An export of this very client that is not over; any other is not there."""
    gone = (Export.State.CANCELLED, Export.State.EXPIRED)
    rows = Export.objects.filter(client=token_of(request).client).exclude(
        state__in=gone
    )
    row = rows.filter(id=export_id).first()
    late = row is not None and row.expires_at and row.expires_at <= timezone.now()
    if row is None or late:
        raise NotFound
    return row


def _absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _listed(file: ExportFile) -> tuple[str, str, int]:
    path = reverse("records:export-file", args=[file.export_id, file.id])
    return file.resource, _absolute(path), file.count
