"""Errors of the plain API, as problem+json: what is wrong, and what to do about it."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from records.api.throttles import wait_of

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
BROKEN = 500
PROBLEMS = {
    400: ("malformed", "The request could not be read."),
    401: ("no-token", "A bearer token is needed."),
    403: ("beyond-scope", "The token does not allow this."),
    404: ("not-found", "There is no such thing in this clinic."),
    405: ("method", "This method is not supported here."),
    413: ("too-large", "This is larger than is taken here."),
    415: ("media-type", "Send application/json."),
    422: ("invalid", "What was sent cannot be used."),
    429: ("slow-down", "Too many requests."),
    BROKEN: ("broken", "Something went wrong here. It has been noted."),
}


class Invalid(exceptions.APIException):
    """It was read, and cannot be used; the sentence says why."""

    status_code = 422
    default_code = "invalid"


def problem(
    code: int, detail: str = "", errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of an error."""
    name, title = PROBLEMS[code]
    told: dict[str, Any] = {
        "type": f"urn:problem:{name}",
        "title": title,
        "status": code,
        "detail": detail or title,
    }
    return {**told, "errors": errors} if errors else told


def as_problem(error: Exception, context: dict[str, Any]) -> Response:
    """The exception handler of every view of the plain API."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, SuspiciousOperation):  # more parameters than anybody needs
        error = exceptions.ParseError()
    if isinstance(error, exceptions.ValidationError):
        fields = list(_fields(error.detail))
        return _answer(422, problem(422, errors=fields))
    code = error.status_code if isinstance(error, exceptions.APIException) else BROKEN
    if code not in PROBLEMS or not isinstance(error, exceptions.APIException):
        logger.error("An API request failed", exc_info=error)
        return _answer(BROKEN, problem(BROKEN))
    headers = {}
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = wait_of(error)
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    return _answer(code, problem(code, _sentence(error)), headers)


def _answer(
    code: int, body: dict[str, Any], headers: dict[str, str] | None = None
) -> Response:
    return Response(body, status=code, headers=headers, content_type=MEDIA_TYPE)


def _sentence(error: exceptions.APIException) -> str:
    """The sentence that we raised it with; never the framework's."""
    own = str(error.detail) != str(error.default_detail)
    ours = isinstance(
        error,
        Invalid
        | exceptions.AuthenticationFailed
        | exceptions.ParseError
        | exceptions.PermissionDenied,
    )
    return str(error.detail) if own and ours else ""


def _fields(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Every field that is wrong, by its place in what was sent."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name in ("non_field_errors", "")
            place = field if whole else f"{field}.{name}" if field else str(name)
            yield from _fields(inner, place)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _fields(inner, field)
    else:
        yield {"field": field, "message": str(detail)}
