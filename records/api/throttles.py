"""How much may be asked: counted by client, and where there is none by address."""

import math
from abc import ABC, abstractmethod
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.http import QueryDict
from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.crypto import hash_token
from records.crypto import AssertionRefused, issuer, read_assertion
from records.definitions import api_policy

MINUTE = 60


def wait_of(error: Throttled) -> str:
    """The Retry-After of a refusal: whole seconds, and never too few."""
    return str(max(1, math.ceil(getattr(error, "wait", None) or 0)))


class _PerMinute(BaseThrottle, ABC):
    """A count for each minute of the clock; the figure is in the data file."""

    figure: str
    store: Any = cache
    methods: tuple[str, ...] = ("POST",)

    @abstractmethod
    def who(self, request: Request) -> str:
        """Whom to count; empty: another throttle does."""

    def allow_request(self, request: Request, view: Any) -> bool:
        # Any other method is refused in a moment, and changes nothing.
        who = self.who(request) if request.method in self.methods else ""
        if not who:
            return True
        minute = int(timezone.now().timestamp()) // MINUTE
        name = f"throttle:{self.figure}:{hash_token(who)[:40]}:{minute}"
        most: int = getattr(api_policy(), self.figure)
        if self.store.add(name, 1, 2 * MINUTE):
            return True
        try:
            allowed: bool = self.store.incr(name) <= most
        except ValueError:  # it was culled in this very moment
            return True
        view.refused = not allowed or getattr(view, "refused", False)
        return allowed

    def wait(self) -> float:
        return MINUTE - timezone.now().timestamp() % MINUTE


class ByClient(_PerMinute):
    """Every request of a known client, whatever token it shows."""

    figure = "requests_per_minute"
    methods = ("GET", "HEAD", "POST", "PUT", "DELETE")

    def who(self, request: Request) -> str:
        return str(getattr(request.user, "pk", "") or "")


class FhirByClient(ByClient):
    """The same for the record itself: more, since a client walks through its pages.

    Counted in each web process by itself. Where there is no Redis the shared count is
    in the database, and would cost a read as much as the record that it reads.
    """

    figure = "fhir_requests_per_minute"
    store = LocMemCache("records.fhir", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


class TokensByClient(_PerMinute):
    """Token requests in one client's name from one address, right or wrong.

    By both: whoever only knows a client's id cannot keep the client itself out.
    """

    figure = "token_requests_per_minute"

    def who(self, request: Request) -> str:
        form = request.data
        raw = form.get("client_assertion") if isinstance(form, QueryDict) else None
        try:
            claimed = issuer(read_assertion(str(raw)))
        except AssertionRefused:
            return ""
        return f"{claimed} {self.get_ident(request)}"


class TokensByAddress(_PerMinute):
    """Token requests from one address, in whatever name."""

    figure = "token_addresses_per_minute"

    def who(self, request: Request) -> str:
        return self.get_ident(request)


class TokensTogether(_PerMinute):
    """Token requests in whatever name from wherever: what this server bears at all.

    Those that another throttle refused do not count: one address alone cannot use it up.
    """

    figure = "tokens_together_per_minute"

    def allow_request(self, request: Request, view: Any) -> bool:
        return getattr(view, "refused", False) or super().allow_request(request, view)

    def who(self, request: Request) -> str:
        return "all"
