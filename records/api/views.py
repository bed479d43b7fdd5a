"""Read, search and follow the history of everything that is served."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe
from rest_framework.exceptions import NotFound
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from records.actions import note_changed_text, note_reading, note_search
from records.api.base import FhirView, ScopedView, base_url, check_also, token_of
from records.api.errors import TextLocked
from records.api.kinds import KINDS, Asking, Kind
from records.api.nextlink import sealed_url, unsealed
from records.api.search import (
    along,
    next_url,
    patients_of,
    read_search,
    self_url,
)
from records.fhir.bundle import history, searchset
from records.fhir.capability import capability_statement
from records.fhir.parts import Json
from records.fhir.values import Server
from records.presenters import Naming, TextChanged
from records.presenters.subscribed import topic_urls

logger = logging.getLogger(__name__)


class Metadata(FhirView):
    """What the server can do. Open: it says nothing of any clinic."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        server = Server(
            base_url=base_url(),
            software=settings.PRODUCT_NAME,
            topics=topic_urls(Naming(base=base_url())),
        )
        return Response(capability_statement(server))


class KindView(ScopedView):
    """A view of one resource type, which its address names."""

    @property
    def kind(self) -> Kind[Any]:
        return KINDS[self.resource]

    def asking(self, request: Request) -> Asking:
        """Whose record is asked: the clinic's whose token was shown."""
        client = token_of(request).client
        return Asking(
            clinic=client.clinic,
            naming=Naming(base=base_url()),
            software=settings.PRODUCT_NAME,
            client=client,
        )

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, TextChanged):
            logger.error("Definition %s does not match its checksum", exc.definition)
            note_changed_text(
                token=token_of(self.request),
                definition=exc.definition,
                resource=self.resource,
                at=timezone.now(),
            )
            exc = TextLocked(str(exc))
        return super().handle_exception(exc)

    def note(self, request: Request, resource: Json) -> None:
        """Write down that one resource was read, before it leaves."""
        note_reading(
            token=token_of(request),
            interaction=self.interaction,
            resource=self.resource,
            object_type=self.kind.audited,
            object_id=self.kind.about(resource),
            at=timezone.now(),
        )


class SearchKind(KindView):
    """A page of what fits, by GET, or by POST for what must not stand in an address."""

    interaction: ClassVar[str] = "search-type"
    parser_classes = [FormParser]
    posted: ClassVar[bool] = False

    def get(self, request: Request) -> Response:
        return self.search(request, _pairs(request.query_params))

    def search(self, request: Request, given: Sequence[tuple[str, str]]) -> Response:
        """Answer with one page, and put on record whose it is."""
        asking, base = self.asking(request), base_url()
        lenient = "handling=lenient" in request.headers.get("Prefer", "")
        inside = unsealed(asking, self.resource, given)
        asked = given if inside is None else inside
        search = read_search(asking, self.kind, asked, lenient=lenient)
        for resource in sorted(search.types()):
            check_also(request, resource)
        page = self.kind.page(
            asking, search.clauses, after=search.after, count=search.count
        )
        included = along(asking, search, page.resources)
        self._note(request, [*page.resources, *included])
        alone = search.after is None and page.after is None
        hidden = self.posted or inside is not None
        following = (
            sealed_url(asking, base, search, page)
            if hidden
            else next_url(base, search, page)
        )
        return Response(
            searchset(
                page.resources,
                included=included,
                base_url=base,
                self_url=self_url(base, search),
                next_url=following,
                total=len(page.resources) if alone else None,
            )
        )

    def _note(self, request: Request, resources: Sequence[Json]) -> None:
        note_search(
            token=token_of(request),
            resource=self.resource,
            patients=[UUID(one) for one in patients_of(resources)],
            count=len(resources),
            at=timezone.now(),
        )


class PostedSearch(SearchKind):
    """The same search in the body of a POST."""

    http_method_names = ["post", "options"]
    posted = True

    def post(self, request: Request) -> Response:
        given = [*_pairs(request.query_params), *_pairs(request.data)]
        return self.search(request, given)


class ReadKind(KindView):
    """One resource as it is now."""

    interaction: ClassVar[str] = "read"

    def get(self, request: Request, resource_id: str) -> Response:
        found = self.kind.read(self.asking(request), resource_id)
        if found is None:
            raise NotFound
        self.note(request, found)
        return single(request, found)


class ReadVersion(KindView):
    """One resource as it was in one of its versions."""

    interaction: ClassVar[str] = "read"

    def get(self, request: Request, resource_id: str, version: str) -> Response:
        for found in _versions(self, request, resource_id):
            if found["meta"]["versionId"] == version:
                self.note(request, found)
                return single(request, found)
        raise NotFound


class History(KindView):
    """Every version of one resource, the newest first."""

    interaction: ClassVar[str] = "read"

    def get(self, request: Request, resource_id: str) -> Response:
        found = _versions(self, request, resource_id)
        if not found:
            raise NotFound
        self.note(request, found[0])
        here = f"{base_url()}/{self.resource}/{resource_id}/_history"
        return Response(history(found, base_url=base_url(), self_url=here))


class Unknown(FhirView):
    """Every other address: not found, and said in FHIR."""

    def get(self, request: Request) -> Response:
        raise NotFound

    def post(self, request: Request) -> NoReturn:
        raise NotFound


def _versions(view: KindView, request: Request, resource_id: str) -> list[Json]:
    return view.kind.versions(view.asking(request), resource_id)


def _pairs(query: Any) -> list[tuple[str, str]]:
    """What was asked; _format has been heard already."""
    return [
        (name, value)
        for name, values in query.lists()
        for value in values
        if name != "_format"
    ]


def single(request: Request, resource: Json) -> Response:
    """One resource with its version, or 304 for whoever has just that one."""
    meta = resource["meta"]
    tag = f'W/"{meta["versionId"]}"'
    headers = {"ETag": tag}
    changed = meta.get("lastUpdated")
    if changed:
        moment = datetime.fromisoformat(changed).timestamp()
        headers["Last-Modified"] = http_date(moment)
    if _has_it(request, tag, changed):
        return Response(status=304, headers=headers)
    return Response(resource, headers=headers)


def _has_it(request: Request, tag: str, changed: str | None) -> bool:
    """If-None-Match decides; the date of If-Modified-Since only where it is alone."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        own = {one.strip().removeprefix("W/") for one in known.split(",")}
        return "*" in own or tag.removeprefix("W/") in own
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is None or changed is None:
        return False
    return int(datetime.fromisoformat(changed).timestamp()) <= since
