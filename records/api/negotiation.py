"""FHIR's JSON, asked for by Accept or by _format; and JSON whatever is asked for."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

FHIR_JSON = "application/fhir+json"
FORMATS = ("json", "application/json", "text/json", FHIR_JSON)


class FhirRenderer(JSONRenderer):
    media_type = FHIR_JSON
    format = "json"
    charset = "utf-8"


class JsonRenderer(FhirRenderer):
    """For clients that ask for plain JSON; they get the same."""

    media_type = "application/json"


class FormatRefused(NotAcceptable):
    """`_format` asks for what is not spoken here."""

    expression = "http._format"


class FhirNegotiation(DefaultContentNegotiation):
    """`_format` wins over Accept, as FHIR says."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        # In a query a plus sign means a space, so clients send it both ways.
        wanted = request.query_params.get("_format", "").replace(" ", "+")
        if not wanted:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(
                request, renderers, format_suffix
            )
            return chosen
        if wanted not in FORMATS:
            raise FormatRefused
        return next(iter(renderers)), FHIR_JSON


class AlwaysJson(BaseContentNegotiation):
    """Both documents are JSON, whatever Accept says."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        content_type = str(request.content_type).partition(";")[0].strip()
        return next((one for one in parsers if one.media_type == content_type), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type
