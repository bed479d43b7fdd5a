"""Every resource type that is served, by its name."""

from collections.abc import Mapping
from typing import Any

from records.api.kinds.base import Asking, Kind
from records.api.kinds.casework import Communications, Consents, Flags, Tasks
from records.api.kinds.forms import Questionnaires
from records.api.kinds.orders import Orders
from records.api.kinds.others import AuditEvents, Patients
from records.api.kinds.results import Observations, Provenances
from records.api.kinds.several import SheetKind
from records.api.kinds.sheets import Responses
from records.api.kinds.subscriptions import Subscriptions

__all__ = ["KINDS", "Asking", "Kind", "Observations", "Responses", "SheetKind"]

_ALL: tuple[Kind[Any], ...] = (
    Responses(),
    Observations(),
    Patients(),
    Questionnaires(),
    Tasks(),
    Orders(),
    Flags(),
    Communications(),
    Consents(),
    Provenances(),
    AuditEvents(),
    Subscriptions(),
)
KINDS: Mapping[str, Kind[Any]] = {kind.type: kind for kind in _ALL}
