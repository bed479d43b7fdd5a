"""Leaves out what Django's test client does for every page though no test asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.test import client
from whitenoise.middleware import WhiteNoiseMiddleware


@contextmanager
def quick_pages() -> Iterator[None]:
    """Of a page the first template's context is kept; static files are looked for once.

    Django copies the context of every template that a page is drawn from, and each
    test's client would read all static files anew.
    """
    real = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[str, dict[str, Any]] = {}

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        set_up = f"{self.static_prefix} {self.max_age} {settings.STORAGES}"
        if set_up not in known:
            real(self)
            known[set_up] = dict(self.files)
        self.files.update(known[set_up])

    copied = vars(client)["store_rendered_templates"]

    def keep_first(store: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        if "context" not in store:
            copied(store, *args, **kwargs)

    with (
        patch.object(client, "store_rendered_templates", keep_first),
        patch.object(
            WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders
        ),
    ):
        yield
