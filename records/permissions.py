"""What a client may do: SMART scope names, read and enforced."""

import re

from records.fhir.capability import SERVED

# SMART 2 letters for what each FHIR interaction needs.
LETTERS = {"read": "r", "search-type": "s"}
_SCOPE = re.compile(r"system/(?P<resource>[A-Za-z]+)\.(?P<access>read|rs|r|s)")


class ScopeRefused(Exception):
    """A scope that is not there; the sentence says which."""


def check_scopes_known(scopes: list[str]) -> None:
    """Refuse a scope for anything that is not served: it would promise too much."""
    served = [one.resource for one in SERVED]
    for scope in scopes:
        match = _SCOPE.fullmatch(scope)
        if match is None or match["resource"] not in served:
            allowed = ", ".join(f"system/{name}.rs" for name in served)
            raise ScopeRefused(f"The scope {scope} is not one of: {allowed}.")
    if not scopes:
        raise ScopeRefused("A client without a scope could read nothing.")


def check_scope(scopes: list[str], resource: str, interaction: str) -> None:
    """Raise unless one of `scopes` covers the interaction."""
    if not any(_covers(scope, resource, interaction) for scope in scopes):
        letter = LETTERS[interaction]
        raise ScopeRefused(f"This needs the scope system/{resource}.{letter}.")


def _covers(scope: str, resource: str, interaction: str) -> bool:
    match = _SCOPE.fullmatch(scope)
    if match is None or match["resource"] != resource:
        return False
    # The first version of SMART says "read" for reading and searching.
    access = "rs" if match["access"] == "read" else match["access"]
    return LETTERS[interaction] in access
