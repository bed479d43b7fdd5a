"""Next links of searches that were posted: what was asked stands in none of them.

A search is posted so that a record number or a birth date is in no address, which
servers and proxies log. Its next link is an address, so it carries the search sealed.
"""

import json
from collections.abc import Sequence

from core.crypto import CannotRead, open_sealed, seal
from records.api.kinds import Asking
from records.api.kinds.order import Page
from records.api.params import SearchRefused
from records.api.search import AFTER, Search, place_text

Pairs = Sequence[tuple[str, str]]
# A seal has dots; what other next links hold has none.
MARK = "."


def sealed_url(asking: Asking, base: str, search: Search, page: Page) -> str | None:
    """Where the next page is, with the whole search inside the place."""
    if page.after is None:
        return None
    whole = json.dumps([*search.used, (AFTER, place_text(page.after))])
    sealed = seal(whole, context=_context(asking, search.kind.type))
    return f"{base}/{search.kind.type}?{AFTER}={sealed}"


def unsealed(asking: Asking, kind: str, given: Pairs) -> Pairs | None:
    """The search that a sealed next link of ours holds; None if there is no such link."""
    found = [value for name, value in given if name == AFTER and MARK in value]
    if not found:
        return None
    try:
        whole = open_sealed(found[-1], context=_context(asking, kind))
    except CannotRead as error:
        raise SearchRefused(AFTER, "is only ever taken from a next link") from error
    return [(name, value) for name, value in json.loads(whole)]


def _context(asking: Asking, kind: str) -> str:
    """It opens for this clinic and this type alone."""
    return f"records.search.{kind}:{asking.clinic.id}"
