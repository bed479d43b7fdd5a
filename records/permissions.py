"""What a client may do: SMART scope names, read, narrowed and enforced."""

import re
from collections.abc import Iterable, Mapping

from records.fhir.capability import SERVED

# SMART 2 letters for what each FHIR interaction needs.
LETTERS = {
    "read": "r",
    "vread": "r",
    "history-instance": "r",
    "search-type": "s",
    "create": "c",
    "update": "u",
    "delete": "d",
}
# What the plain API serves under the name of the resource that it comes nearest to.
PLAIN = {
    "Endpoint": "rus",  # where results go, and what became of each delivery
    "Questionnaire": "rs",
    "ServiceRequest": "rus",
    "Task": "rs",
}
# The first version of SMART has words where the second has letters.
WORDS = {"read": "rs", "write": "cud", "*": "cruds"}
_SCOPE = re.compile(
    r"system/(?P<resource>[A-Za-z]+|\*)\.(?P<access>read|write|\*|c?r?u?d?s?)"
)
EVERY = "*"


class ScopeRefused(Exception):
    """A scope that is not there; the sentence says which."""


def served() -> dict[str, str]:
    """By resource: the letters of all that is served of it, in SMART's order."""
    found = {name: set(letters) for name, letters in PLAIN.items()}
    for one in SERVED:
        letters = {LETTERS[code] for code in one.codes if code in LETTERS}
        # Who may read may search: SMART's own short form for both is "rs".
        letters |= set("rs") if letters & set("rs") else set()
        found.setdefault(one.resource, set()).update(letters)
    return {name: _ordered(letters) for name, letters in sorted(found.items())}


def _ordered(letters: Iterable[str]) -> str:
    return "".join(letter for letter in "cruds" if letter in set(letters))


def parse(scope: str) -> tuple[str, str] | None:
    """The resource and the letters of a scope; None if it is not one of a system."""
    match = _SCOPE.fullmatch(scope)
    if match is None or not match["access"]:
        return None
    access = match["access"]
    return match["resource"], WORDS.get(access, access)


def check_scopes_known(scopes: list[str]) -> None:
    """Refuse a scope for anything that is not served: it would promise too much."""
    there = served()
    for scope in scopes:
        if not _is_served(scope, there):
            allowed = ", ".join(f"system/{name}.{own}" for name, own in there.items())
            raise ScopeRefused(f"The scope {scope} is not one of: {allowed}.")
    if not scopes:
        raise ScopeRefused("A client without a scope could read nothing.")


def _is_served(scope: str, there: Mapping[str, str]) -> bool:
    """Letters have to be served every one; a word takes what there is of it."""
    found = parse(scope)
    if found is None:
        return False
    resource, letters = found
    if resource == EVERY:
        return True
    offered = set(there.get(resource, ""))
    if scope.rpartition(".")[2] in WORDS:
        return bool(offered & set(letters))
    return set(letters) <= offered


def check_scope(scopes: list[str], resource: str, interaction: str) -> None:
    """Raise unless one of `scopes` covers the interaction."""
    if not covers(scopes, resource, LETTERS[interaction]):
        letter = LETTERS[interaction]
        raise ScopeRefused(f"This needs the scope system/{resource}.{letter}.")


def covers(scopes: Iterable[str], resource: str, letter: str) -> bool:
    """Whether one of `scopes` allows what this letter stands for."""
    found = (parse(scope) for scope in scopes)
    return any(
        one is not None and one[0] in (resource, EVERY) and letter in one[1]
        for one in found
    )


def narrowed(asked: Iterable[str], registered: list[str]) -> list[str]:
    """What of `asked` is registered and served, in letters, each resource once.

    A client gets less than it asked for where it asked for more than it has: that is
    how SMART lets one client ask everywhere for the same.
    """
    there = served()
    granted: dict[str, set[str]] = {}
    for scope in asked:
        found = parse(scope)
        if found is None:
            continue
        names = there if found[0] == EVERY else {found[0]} & set(there)
        for name in names:
            letters = {
                letter
                for letter in found[1]
                if letter in there[name] and covers(registered, name, letter)
            }
            granted.setdefault(name, set()).update(letters)
    return [
        f"system/{name}.{_ordered(letters)}"
        for name, letters in sorted(granted.items())
        if letters
    ]
