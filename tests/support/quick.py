"""Leaves out what Django's test client does for every page though no test asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.template import Template
from django.test.utils import _TestState
from whitenoise.middleware import WhiteNoiseMiddleware


@contextmanager
def quick_pages() -> Iterator[None]:
    """Pages drawn as in production, and static files looked for once.

    A response of a test therefore knows neither its templates nor their context: a
    test looks at the page itself. Each test's client would read all static files anew.
    """
    real = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[str, dict[str, Any]] = {}

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        set_up = f"{self.static_prefix} {self.max_age} {settings.STORAGES}"
        if set_up not in known:
            real(self)
            known[set_up] = dict(self.files)
        self.files.update(known[set_up])

    drawn = vars(_TestState)["saved_data"].template_render
    with (
        patch.object(Template, "_render", drawn),
        patch.object(
            WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders
        ),
    ):
        yield
