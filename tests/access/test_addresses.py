"""Every address of the product has its line in the table, and takes what it says."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from core.permissions import Permission
from tests.access.elsewhere import API, OTHER, PATIENT
from tests.access.expected import STAFF
from tests.access.world import THINGS

HOW = "Add a line to {table} in tests/access/expected.py; its docstring says how."
TABLES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "clinicians": ("STAFF", STAFF),
    "connections": ("STAFF", STAFF),
    "records": ("API", API),
}


def addresses(patterns=None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each pattern of the URL conf with the namespace that it stands in."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, pattern.namespace or space)
        else:
            yield space, pattern


def table_of(space: str, pattern: URLPattern) -> tuple[str, Mapping[str, Any]]:
    if space in TABLES:
        return TABLES[space]
    if pattern.callback.__module__.startswith("screening."):
        return "PATIENT", PATIENT
    return "OTHER", OTHER


def test_every_address_has_a_line():
    missing = []
    for space, pattern in addresses():
        name, table = table_of(space, pattern)
        if pattern.name not in table:
            missing.append(f"“{pattern.name}”: {HOW.format(table=name)}")
    assert missing == []


def test_every_line_has_an_address():
    there = {
        (table_of(space, pattern)[0], pattern.name) for space, pattern in addresses()
    }
    lines = {
        (name, line)
        for name, table in [*TABLES.values(), ("PATIENT", PATIENT), ("OTHER", OTHER)]
        for line in table
    }
    gone = sorted(lines - there)
    assert gone == [], "Take these lines out of tests/access/expected.py."


def test_every_line_names_what_the_address_takes():
    wrong = []
    for space, pattern in addresses():
        if space not in ("clinicians", "connections") or pattern.name not in STAFF:
            continue
        takes = STAFF[pattern.name].takes.split()
        kinds = pattern.pattern.converters
        if len(takes) != len(kinds):
            wrong.append(f"“{pattern.name}” takes {', '.join(kinds) or 'nothing'}")
        for word, (argument, kind) in zip(takes, kinds.items(), strict=False):
            if type(kind).__name__ == "UUIDConverter" and word not in THINGS:
                wrong.append(f"“{pattern.name}”: no such thing as “{word}” {argument}")
    assert wrong == [], "Say in `takes` what each argument is, in their order."


def test_every_line_names_a_permission_and_methods():
    for name, page in STAFF.items():
        assert page.permission in ("", *Permission.__members__), name
        assert page.methods in ("GET", "POST", "GET POST"), name


def test_no_page_of_a_form_takes_posts_from_elsewhere():
    open_to_all = [
        pattern.name
        for space, pattern in addresses()
        # The API has no cookies, so no other site can use them.
        if space != "records" and getattr(pattern.callback, "csrf_exempt", False)
    ]
    assert open_to_all == []
