"""What all views of the endpoint share: token, scope, format, headers, errors."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from records.actions import note_refusal
from records.api.authentication import BearerAuthentication
from records.api.errors import as_outcome
from records.api.negotiation import (
    FHIR_JSON,
    FhirNegotiation,
    FhirRenderer,
    JsonRenderer,
)
from records.api.throttles import FhirByClient
from records.models import ApiToken
from records.permissions import ScopeRefused, check_scope


class FhirView(APIView):
    """Closed unless a token is shown; speaks FHIR's JSON in every case."""

    authentication_classes = [BearerAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [FhirByClient]
    parser_classes = []
    renderer_classes = [FhirRenderer, JsonRenderer]
    content_negotiation_class = FhirNegotiation
    metadata_class = None
    versioning_class = None

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return as_outcome

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks comes before how: a stranger hears of the token, not of formats."""
        self.perform_authentication(request)
        # Not self's: a scope that is missing would be written down twice.
        APIView.check_permissions(self, request)
        super().initial(request, *args, **kwargs)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response.content_type = f"{FHIR_JSON}; charset=utf-8"
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)


class ScopedView(FhirView):
    """Closed unless the token's scopes cover what the view declares of itself."""

    resource: str = ""
    interaction: ClassVar[str]

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        check_also(request, self.resource, self.interaction)


def check_also(request: Request, resource: str, interaction: str = "read") -> None:
    """Refuse, and write that down, what the token's scopes do not cover."""
    token = token_of(request)
    try:
        check_scope(token.granted, resource, interaction)
    except ScopeRefused as refused:
        note_refusal(
            token=token, interaction=interaction, resource=resource, at=timezone.now()
        )
        raise PermissionDenied(str(refused)) from refused


def token_of(request: Request) -> ApiToken:
    """The token that opened the request, once the view's permissions have passed."""
    return cast(ApiToken, request.auth)


def base_url() -> str:
    """The endpoint's public address, whatever a proxy made of the request's."""
    metadata: str = settings.BASE_URL + reverse("records:metadata")
    return metadata.removesuffix("/metadata")
