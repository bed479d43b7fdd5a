"""FHIR's JSON, asked for by Accept or by _format."""

from collections.abc import Iterable

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
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
            raise NotAcceptable
        return next(iter(renderers)), FHIR_JSON
