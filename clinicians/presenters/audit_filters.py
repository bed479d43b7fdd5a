"""What the audit log is narrowed down by, and where its next page begins."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from clinicians.presenters.access import LOOKING
from core.models import AuditEvent, Clinic

GROUPS: Mapping[str, tuple[str, Q]] = {
    "accounts": ("Signing in and accounts", Q(kind__startswith="staff_")),
    "looks": ("Looks and downloads", LOOKING),
    "emergencies": ("Emergency accesses", Q(kind__startswith="EMERGENCY_")),
    "cases": ("Work on cases", Q(kind__startswith="CASE_") & ~LOOKING),
    "patients": ("Changes to patients", Q(object_type="patient") & ~LOOKING),
    "clinic": ("The clinic's settings", Q(object_type="clinic") & ~LOOKING),
    "wordings": ("Wordings", Q(kind__startswith="WORDING_")),
    "systems": ("Connections", Q(object_type="ApiClient") | Q(actor_kind="CLIENT")),
}


def condition(asked: Mapping[str, Any], clinic: Clinic) -> Q:
    """What a clean form asks for, apart from the patient."""
    found, person = Q(), asked["person"]
    if person in list(AuditEvent.ActorKind):
        found &= Q(actor_kind=person)
    elif person:
        found &= Q(actor_kind=AuditEvent.ActorKind.STAFF, actor_id=person)
    if asked["group"]:
        found &= GROUPS[asked["group"]][1]
    if asked["kind"]:
        found &= Q(kind=asked["kind"])
    if asked["start"]:
        found &= Q(at__gte=datetime.combine(asked["start"], time(), clinic.zone))
    if asked["end"]:
        following = asked["end"] + timedelta(days=1)
        found &= Q(at__lt=datetime.combine(following, time(), clinic.zone))
    return found


def place_after(row: AuditEvent) -> str:
    """Where this line stands, for the address of the page that follows it."""
    return f"{row.at.isoformat()}~{row.seq}~{row.id}"


def after(place: str) -> Q:
    """Only what is older than the place; raises ValueError if it is no place."""
    at_word, seq_word, id_word = place.split("~")
    at, seq, id_ = datetime.fromisoformat(at_word), int(seq_word), uuid.UUID(id_word)
    if at.tzinfo is None:
        raise ValueError(place)
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:  # at the ends of the calendar there is none
        raise ValueError(place) from error
    earlier = Q(at__lt=at) | Q(at=at, seq__lt=seq) | Q(at=at, seq=seq, id__lt=id_)
    # By itself the first part lets the index on the time be used.
    return Q(at__lte=at) & earlier
