"""No page is open by accident: each says who may see it."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import IsAuthenticated

# Pages without sign-in, by the module they live in, and why.
PUBLIC = {
    "allauth.account.views",  # how one signs in
    "allauth.mfa.base.views",  # the second factor, in the middle of signing in
    "allauth.mfa.webauthn.views",  # signing in with a passkey
    "config.health",  # for machines
    "config.showcase",  # invented content, and only where a setting allows it
    "screening.views",  # patients, who hold an invitation
    "records.api",  # programs, who show a token of their own: the last test asks each
    "clinicians.views.acknowledge",  # the link in a notice, which asks to sign in
}


def views(patterns=None) -> Iterator[tuple[str, object]]:
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.pattern), pattern.callback


def public(view) -> bool:
    return not getattr(view, "login_required", True)


def test_every_public_page_is_meant_to_be():
    opened = [
        f"{view.__module__} {address}"
        for address, view in views()
        if public(view)
        and not any(view.__module__.startswith(module) for module in PUBLIC)
    ]
    assert opened == []


def test_every_page_of_staff_declares_its_permission():
    undeclared = [
        f"{view.__module__} {address}"
        for address, view in views()
        if not public(view)
        # The landing page only leads on, to a page that asks.
        and not view.__module__.startswith(
            ("allauth.", "config.urls", "clinicians.views.home")
        )
        and not hasattr(view, "permission")
    ]
    assert undeclared == []


def test_the_api_is_closed_by_default():
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == [
        "config.closed.Closed"
    ]
    assert settings.REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] == []


def test_every_endpoint_of_the_api_asks_who_it_is():
    # What the server can do, how a token is got, and what describes the plain API.
    open_ones = {"Metadata", "Unknown", "Configuration", "Token", "Revoke"}
    open_pages = {"openapi", "documentation"}
    for address, view in views():
        if not view.__module__.startswith("records.api"):
            continue
        # One address may have a view for each method.
        classes = [getattr(view, "cls", None), *getattr(view, "views", {}).values()]
        found = [cls for cls in classes if cls is not None]
        assert found or getattr(view, "__name__", "") in open_pages, address
        for cls in found:
            if cls.__name__ not in open_ones:
                assert IsAuthenticated in cls.permission_classes, cls
