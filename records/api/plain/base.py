"""What all views of the plain API share: token, scope, throttle, errors, pages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.schemas.inspectors import ViewInspector
from rest_framework.views import APIView

from records.actions import note_refusal
from records.api.authentication import BearerAuthentication
from records.api.base import token_of
from records.api.negotiation import AlwaysJson
from records.api.parsing import StrictJson
from records.api.plain.problems import as_problem
from records.api.plain.shapes import LONGEST
from records.api.throttles import ByClient
from records.definitions import api_policy
from records.models import ApiClient
from records.permissions import ScopeRefused, check_scope

SALT = "records.api.cursor"


class PlainView(APIView):
    """Closed unless the token's scopes cover what the view declares of its method."""

    authentication_classes = [BearerAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [ByClient]
    parser_classes = [StrictJson]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJson
    metadata_class = None
    versioning_class = None
    schema: ViewInspector | None = AutoSchema()

    # By method: the resource whose scope is asked for, and the interaction.
    needs: ClassVar[Mapping[str, tuple[str, str]]]
    # The parameters that its GET understands; any other is refused.
    knows: ClassVar[tuple[str, ...]] = ()

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return as_problem

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        needed = self.needs.get(_as_method(request))
        if needed is None:
            return  # refused for its method, in a moment
        token, (resource, interaction) = token_of(request), needed
        try:
            check_scope(token.granted, resource, interaction)
        except ScopeRefused as refused:
            note_refusal(
                token=token,
                interaction=interaction,
                resource=resource,
                at=timezone.now(),
            )
            raise PermissionDenied(str(refused)) from refused
        self._check_parameters(request)

    def _check_parameters(self, request: Request) -> None:
        """A misspelt filter would be no filter at all, and show what was not asked for."""
        knows = self.knows if _as_method(request) == "GET" else ()
        for name in request.query_params:
            if name not in knows:
                known = ", ".join(knows) or "none"
                raise ParseError(f"There is no parameter {name}; there are: {known}.")
            if len(request.query_params.getlist(name)) > 1:
                raise ParseError(f"Send {name} once.")

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)


def _as_method(request: Request) -> str:
    """HEAD asks what GET would tell."""
    return "GET" if request.method == "HEAD" else str(request.method)


def one_of(request: Request, name: str, allowed: Mapping[str, Any]) -> str:
    """A parameter that is one of a list of words, or nothing."""
    value = request.query_params.get(name, "")
    if value and value not in allowed:
        raise ParseError(f"{name} is one of: {', '.join(allowed)}.")
    return value


def an_id(request: Request, name: str) -> UUID | None:
    """A parameter that is an id, or nothing."""
    value = request.query_params.get(name)
    if value is None:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise ParseError(f"{name} has to be an id.") from error


def a_page(
    request: Request, rows: QuerySet[Any], moment: str
) -> tuple[list[Any], str | None]:
    """The next rows, newest first, and the cursor for those after them.

    A cursor names a row, not a number of rows: what comes in meanwhile moves nothing
    from one page to another.
    """
    size = _size(request)
    if cursor := request.query_params.get("cursor"):
        at, row_id = _read_cursor(cursor)
        before = Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "id__lt": row_id})
        rows = rows.filter(before)
    found: list[Model] = list(rows.order_by(f"-{moment}", "-id")[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    told = [getattr(last, moment).isoformat(), str(last.pk)]
    return found[:size], signing.dumps(told, salt=SALT)


def _size(request: Request) -> int:
    policy = api_policy()
    value = request.query_params.get("limit", str(policy.page_usual))
    if not value.isascii() or not value.isdecimal() or len(value) > 6:
        raise ParseError("limit has to be a whole number.")
    if not 1 <= int(value) <= policy.page_most:
        raise ParseError(f"limit is from 1 to {policy.page_most}.")
    return int(value)


def key_name(request: Request, client: ApiClient, *, at: datetime) -> str:
    """What this request is known by: its Idempotency-Key, or else nothing twice."""
    key: str = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST:
        raise ParseError(f"Idempotency-Key may have at most {LONGEST} characters.")
    return f"key:{client.id}:{key}" if key else f"once:{client.id}:{at.isoformat()}"


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, row_id = signing.loads(cursor, salt=SALT)
        return datetime.fromisoformat(at), UUID(row_id)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ParseError("The cursor is not one of ours: begin without it.") from error
