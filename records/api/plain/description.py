"""The API's description (OpenAPI 3.1), made from its code, and a page that shows it."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import override
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from records.api.base import base_url
from records.api.plain.routes import ROUTES
from records.presenters.description import page

VERSION = "1"
ABOUT = (
    "What FHIR has no name for. Every request shows a bearer token; docs/api.md says "
    "how a program gets one. Errors are problem+json."
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description says that a token is needed."""

    target_class = "records.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The whole description; it changes with the code alone."""
    patterns = [path("api/v1/", include(ROUTES))]
    with override("en"), patched_settings({"OAS_VERSION": "3.1.0"}):
        made = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return {
        **made,
        "info": {
            "title": f"{settings.PRODUCT_NAME}: plain JSON API",
            "version": VERSION,
            "description": ABOUT,
        },
        "servers": [{"url": settings.BASE_URL}],
    }


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description itself. Open: it says nothing of any clinic."""
    return JsonResponse(description())


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The same for people, from here alone: no viewer is fetched from anywhere."""
    return render(request, "records/api.html", page(description(), base=base_url()))
