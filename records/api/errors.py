"""Every error as an OperationOutcome, and none that tells more than it must."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from records.api.parsing import TooLarge
from records.api.throttles import wait_of
from records.fhir.outcome import operation_outcome
from records.fhir.received import Refused
from records.fhir.received import outcome as every_reason

logger = logging.getLogger(__name__)

NOT_FOUND = "There is no such resource, or it is not finished."
MEDIA = "Send application/fhir+json, or for a search by POST a form, as FHIR has it."
# Status -> the code of FHIR's issue-type list, and the sentence if we have no better.
ISSUES = {
    400: ("invalid", "The request could not be understood."),
    401: ("login", "A bearer token is needed."),
    403: ("forbidden", "The token does not allow this."),
    404: ("not-found", NOT_FOUND),
    405: ("not-supported", "This method is not supported here."),
    406: ("not-supported", "Only application/fhir+json is spoken here."),
    409: ("conflict", "This stands against what is here already."),
    412: ("invalid", "The condition is not understood."),
    413: ("too-long", "This is larger than is taken here."),
    415: ("not-supported", MEDIA),
    429: ("throttled", "Too many requests. Wait a minute."),
}
# Where in the request it is, unless the error itself says so.
PLACES = {
    401: "http.Authorization",
    403: "http.Authorization",
    406: "http.Accept",
    412: "http.If-None-Exist",
    415: "http.Content-Type",
}
# These are raised here only, each with its own sentence.
OWN_CLASSES = (409, 412, 413)
BROKEN = ("exception", "Something went wrong here. It has been noted.")


class TextLocked(exceptions.APIException):
    """A stored official text is not what it was: what rests on it does not leave."""

    status_code = status.HTTP_409_CONFLICT


def outcome(
    code: int, text: str = "", expression: str | None = None, kind: str = ""
) -> dict[str, Any]:
    """The status as FHIR says it, with the place in the request that it is about."""
    issue, sentence = ISSUES.get(code, BROKEN)
    return operation_outcome(
        code=kind or issue, text=text or sentence, expression=expression
    )


def as_outcome(error: Exception, context: dict[str, Any]) -> Response:
    """The exception handler of every view here."""
    if isinstance(error, Refused):
        unprocessable = status.HTTP_422_UNPROCESSABLE_ENTITY
        return Response(every_reason(error.issues), status=unprocessable)
    error = _framed(error)
    if (
        not isinstance(error, exceptions.APIException)
        or error.status_code not in ISSUES
    ):
        # The trace goes to the log, which holds ids and kinds; the client learns nothing.
        logger.error("A FHIR request failed", exc_info=error)
        broken = status.HTTP_500_INTERNAL_SERVER_ERROR
        return Response(outcome(broken), status=broken)
    headers = {}
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = wait_of(error)
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    return Response(
        outcome(
            error.status_code,
            _own_words(error),
            getattr(error, "expression", PLACES.get(error.status_code)),
            getattr(error, "issue", ""),
        ),
        status=error.status_code,
        headers=headers,
    )


def _framed(error: Exception) -> Exception:
    """What Django itself raises of a request, as what it is to a client."""
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    return exceptions.ParseError() if isinstance(error, SuspiciousOperation) else error


def _own_words(error: exceptions.APIException) -> str:
    """The sentence that we raised it with; never the framework's."""
    if error.status_code in OWN_CLASSES:
        return str(error.detail)
    own = str(error.detail) != str(error.default_detail)
    telling = isinstance(
        error,
        exceptions.AuthenticationFailed
        | exceptions.ParseError
        | exceptions.PermissionDenied
        | TextLocked,
    )
    return str(error.detail) if own and telling else ""
