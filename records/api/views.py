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
from records.api.along import along, patients_of
from records.api.base import FhirView, ScopedView, base_url, check_also, token_of
from records.api.errors import TextLocked
from records.api.kinds import KINDS, Asking, Kind
from records.api.kinds.order import Page
from records.api.nextlink import sealed_url, unsealed
from records.api.params import TooCostly
from records.api.search import Search, next_url, read_search, self_url
from records.api.shaping import MOST, read_shape
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
        asking = self.asking(request)
        lenient = "handling=lenient" in request.headers.get("Prefer", "")
        inside = unsealed(asking, self.resource, given)
        asked = given if inside is None else inside
        search = read_search(asking, self.kind, asked, lenient=lenient)
        for resource in sorted(search.types()):
            check_also(request, resource)
        hidden = self.posted or inside is not None
        try:
            return Response(self._answer(request, asking, search, hidden=hidden))
        except TooCostly as error:
            error.expression = f"http.{search.costly()}"
            raise

    def _answer(
        self, request: Request, asking: Asking, search: Search, *, hidden: bool
    ) -> Json:
        base, shaping = base_url(), search.shaping
        here = self_url(base, search)
        if shaping.only_count:
            total = self._counted(request, asking, search)
            return searchset([], base_url=base, self_url=here, total=total)
        page = self.kind.page(
            asking,
            search.clauses,
            after=search.after,
            count=shaping.count,
            order=shaping.order,
        )
        included = along(asking, search.includes, search.revincludes, page.resources)
        self._note(request, [*page.resources, *included])
        following = (
            sealed_url(asking, base, search, page)
            if hidden
            else next_url(base, search, page)
        )
        shape = shaping.shape
        return searchset(
            [shape.of(one) for one in page.resources],
            included=[shape.included().of(one) for one in included],
            base_url=base,
            self_url=here,
            next_url=following,
            total=self._total(asking, search, page),
        )

    def _counted(self, request: Request, asking: Asking, search: Search) -> int:
        """How many there are. Of a few, that tells nearly as much as reading them."""
        total = self.kind.count(asking, search.clauses)
        few = self.kind.everything(asking, search.clauses) if total <= MOST else []
        self._note(request, few)
        return total

    def _total(self, asking: Asking, search: Search, page: Page) -> int | None:
        """Said where the page is all there is, and where it is asked for."""
        wanted = search.shaping.total
        if wanted == "none":
            return None
        if search.after is None and page.after is None:
            return len(page.resources)
        if wanted == "accurate":
            return self.kind.count(asking, search.clauses)
        return None

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
    shape = read_shape(dict(request.query_params.lists()))
    meta = resource["meta"]
    tag = f'W/"{meta["versionId"]}"'
    headers = {"ETag": tag}
    changed = meta.get("lastUpdated")
    if changed:
        moment = datetime.fromisoformat(changed).timestamp()
        headers["Last-Modified"] = http_date(moment)
    if _has_it(request, tag, changed):
        return Response(status=304, headers=headers)
    return Response(shape.of(resource), headers=headers)


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
