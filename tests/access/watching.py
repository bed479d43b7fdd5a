"""A browser for thousands of requests, and what each of them wrote.

Nothing has been looked at before: the worlds of these tests are made without a page.
"""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client

from clinicians.presenters.access import LOOKING
from core.models import AuditEvent, Role, User
from core.permissions import ROLES, SECOND_FACTOR, Permission
from tests.access.expected import Page

# Before any test wraps it: other tests read these pages as HTML, once each is enough.
FETCH = Client.request
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# A session tells when it was last used; reading leaves a line of audit.
HOUSE = ("core", "screening", "clinicians", "records")
BY_THE_WAY = {"django_session"}
A_LOOK = {"core_auditevent", "core_auditchain"}


class Visitor(Client):
    """Somebody's browser; `wrote` holds the tables that its last request wrote to."""

    def __init__(self, user: User | None = None, *, factor: bool = True, **more: Any):
        super().__init__(raise_request_exception=False, **more)
        self.wrote: set[str] = set()
        # What the looks that it left on record were at.
        self.looked_at: set[str] = set()
        if user is None:
            return
        self.force_login(user)
        if factor:
            session = self.session
            session[SECOND_FACTOR] = str(user.pk)
            session.save()

    def request(self, **request: Any) -> Any:
        return FETCH(self, **request)

    def ask(self, method: str, address: str) -> HttpResponse:
        """Fetch, and undo whatever came of it; a query goes where the method has it."""
        tables: set[str] = set()

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            found = WRITE.match(sql)
            if found:
                tables.add(found[1])
            return execute(sql, *rest)

        # Signing out and a new key of the session are undone in the browser, too.
        held = {name: cookie.value for name, cookie in self.cookies.items()}
        with undone():
            with connection.execute_wrapper(note):
                response = self._fetch(method, address)
            self.looked_at = set()
            if tables >= A_LOOK:
                looks = AuditEvent.objects.filter(LOOKING)
                self.looked_at.update(looks.values_list("object_id", flat=True))
        self.cookies.clear()
        self.cookies.load(held)
        self.wrote = tables - BY_THE_WAY
        return response

    def _fetch(self, method: str, address: str) -> HttpResponse:
        path, _, query = address.partition("?")
        data = QueryDict(query) if method in ("GET", "POST") else None
        response: HttpResponse = getattr(self, method.lower())(path, data)
        return response


def may(role: Role, page: Page) -> bool:
    """Whether the role alone opens this page."""
    return not page.permission or Permission[page.permission] in ROLES[role]


def body(response: HttpResponse) -> str:
    """The page as somebody reads it."""
    return html.unescape(response.content.decode(errors="replace"))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[Any]]:
    """Every row of the house, to be compared with what is there later."""
    rows: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in HOUSE:
                table = model._meta.db_table
                # As it is stored: what is sealed would be opened again for each row.
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
                rows[table] = cursor.fetchall()
    return rows
