"""What another server says of itself, as far as sending to it depends on that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Can:
    """What may be done with one type of resource there."""

    create: bool = False
    update: bool = False
    # An update under our own id makes what is not there yet.
    update_create: bool = False
    by_identifier: bool = False
    # Said to be impossible; most servers say nothing of it.
    never_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Capable:
    """A server's CapabilityStatement, read for what we need of it."""

    transaction: bool
    types: Mapping[str, Can] = field(default_factory=dict)

    def takes_whole(self, kinds: Collection[str]) -> bool:
        """Whether a transaction of these types can be sent twice without harm."""
        known = [self.types.get(kind) for kind in kinds]
        return self.transaction and all(
            can is not None and can.by_identifier and not can.never_conditional
            for can in known
        )


def read_capability(statement: Any) -> Capable | None:
    """Return None for what is no CapabilityStatement of a server of R4."""
    if not isinstance(statement, dict):
        return None
    if statement.get("resourceType") != "CapabilityStatement":
        return None
    if not str(statement.get("fhirVersion", "4.")).startswith("4."):
        return None
    servers = [
        rest for rest in _dicts(statement, "rest") if rest.get("mode") == "server"
    ]
    if not servers:
        return None
    codes = {one.get("code") for one in _dicts(servers[0], "interaction")}
    types = {str(one.get("type")): _can(one) for one in _dicts(servers[0], "resource")}
    return Capable(transaction="transaction" in codes, types=types)


def _can(resource: Mapping[str, Any]) -> Can:
    codes = {one.get("code") for one in _dicts(resource, "interaction")}
    names = {one.get("name") for one in _dicts(resource, "searchParam")}
    never = (
        resource.get("conditionalUpdate") is False
        or resource.get("conditionalCreate") is False
    )
    if resource.get("type") == "Patient":
        never = resource.get("conditionalCreate") is False
    return Can(
        create="create" in codes,
        update="update" in codes,
        update_create=resource.get("updateCreate") is True,
        by_identifier="identifier" in names,
        never_conditional=never,
    )


def _dicts(whole: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = whole.get(name)
    if not isinstance(found, list):
        return []
    return [one for one in found if isinstance(one, dict)]
