"""Every resource type that is served, by its name."""

from collections.abc import Mapping
from typing import Any

from records.api.kinds.base import Asking, Kind
from records.api.kinds.casework import Communications, Consents, Flags, Tasks
from records.api.kinds.others import AuditEvents, Patients, Questionnaires
from records.api.kinds.results import Observations, Provenances
from records.api.kinds.sheets import Responses, SheetKind
from records.api.kinds.subscriptions import Subscriptions

__all__ = ["KINDS", "Asking", "Kind", "Observations", "Responses", "SheetKind"]

_ALL: tuple[Kind[Any], ...] = (
    Responses(),
    Observations(),
    Patients(),
    Questionnaires(),
    Tasks(),
    Flags(),
    Communications(),
    Consents(),
    Provenances(),
    AuditEvents(),
    Subscriptions(),
)
KINDS: Mapping[str, Kind[Any]] = {kind.type: kind for kind in _ALL}
