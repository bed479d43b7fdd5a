"""One address, several interactions: each method has its own view and its own scope."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.views import APIView

View = Callable[..., HttpResponseBase]


def by_method(of: Mapping[str, str] | None = None, /, **views: type[APIView]) -> View:
    """A view that hands each method to the class that is named for it, made with `of`.

    A method that none is named for goes to the first one, which refuses it.
    """
    made: dict[str, View] = {
        name.upper(): _allowing(view, list(views)).as_view(**of or {})
        for name, view in views.items()
    }
    if "GET" in made:
        made["HEAD"] = made["GET"]
    first = next(iter(made.values()))

    def dispatch(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return made.get(request.method or "", first)(request, *args, **kwargs)

    dispatch.login_required = False  # type: ignore[attr-defined]
    dispatch.views = views  # type: ignore[attr-defined]
    return cast(View, csrf_exempt(dispatch))


def _allowing(view: type[APIView], methods: list[str]) -> type[APIView]:
    """The same view; its refusals name every method that the address takes."""
    allowed = [name.upper() for name in methods]

    class Named(view):  # type: ignore[misc, valid-type]
        @property
        def allowed_methods(self) -> list[str]:
            return allowed

    Named.__name__ = view.__name__
    Named.__module__ = view.__module__
    return Named
