"""What the endpoints of tokens share: open to everybody, and errors in OAuth's shape."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework import exceptions, status
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from records.api.negotiation import AlwaysJson
from records.api.throttles import wait_of

logger = logging.getLogger(__name__)

BROKEN = {"error": "server_error", "error_description": "It has been noted."}


class OAuthRefused(Exception):
    """An error in OAuth's own words."""

    def __init__(self, error: str, sentence: str, code: int = 400) -> None:
        super().__init__(sentence)
        self.error = error
        self.code = code


class OpenView(APIView):
    """No token is needed: here one learns how to get it, or gets it."""

    authentication_classes = []
    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer]
    parser_classes = [FormParser]
    content_negotiation_class = AlwaysJson
    metadata_class = None
    versioning_class = None

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return as_oauth

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response["Cache-Control"] = "no-store"
        response["Pragma"] = "no-cache"
        return super().finalize_response(request, response, *args, **kwargs)


def as_oauth(error: Exception, context: dict[str, Any]) -> Response:
    """Every error in OAuth's shape."""
    if isinstance(error, OAuthRefused):
        told = {"error": error.error, "error_description": str(error)}
        return Response(told, status=error.code)
    if isinstance(error, exceptions.Throttled):
        told = {"error": "slow_down", "error_description": "Too many requests."}
        headers = {"Retry-After": wait_of(error)}
        return Response(told, status=error.status_code, headers=headers)
    if isinstance(error, SuspiciousOperation):  # too large, or too many parameters
        error = exceptions.ParseError()
    if isinstance(error, exceptions.APIException) and error.status_code < 500:
        told = {"error": "invalid_request", "error_description": _sentence(error)}
        return Response(told, status=error.status_code)
    logger.error("A token request failed", exc_info=error)
    return Response(BROKEN, status=status.HTTP_500_INTERNAL_SERVER_ERROR)


def _sentence(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.UnsupportedMediaType):
        return "Send a form: application/x-www-form-urlencoded."
    if isinstance(error, exceptions.MethodNotAllowed):
        return "This method is not supported here."
    return "The request could not be understood."
