"""Connected programs as an administrator sees them: what each may do, when it last did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from clinicians.presenters.times import zoned
from core.models import AuditEvent, Clinic
from records.models import ApiClient, DraftQuestionnaire

NEWEST = 20
KINDS = {
    "API_CLIENT_CREATED": "Connected",
    "API_CLIENT_KEYS_CHANGED": "Keys changed",
    "API_CLIENT_REVOKED": "Disconnected",
    "API_TOKEN_GRANTED": "Proved who it is, and got a token for some minutes",
    "API_TOKEN_ISSUED": "A token was issued to it",
    "API_TOKEN_REVOKED": "A token ended",
    "API_TOKENS_REVOKED": "Its tokens were ended",
    "RECORD_REFUSED": "Asked for more than it may",
    "RESOURCE_REFUSED": "Something that it sent was refused",
}
NEVER = "Never"


@dataclass(frozen=True, slots=True)
class Line:
    """One program in the list."""

    name: str
    href: str
    may: str
    proof: str
    used: str
    active: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to it, or that it did."""

    at: str
    what: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A questionnaire that waits for a review."""

    title: str
    url: str
    version: str
    received: str
    client: str
    file: str
    discard: str


def clients_of(clinic: Clinic) -> Sequence[Line]:
    """Those that work first."""
    rows = ApiClient.objects.filter(clinic=clinic).order_by("-active", "name", "id")
    return [
        Line(
            name=row.name,
            href=reverse("connections:client", args=[row.id]),
            may=_may(row),
            proof=proof_of(row),
            used=when(row.last_used_at, clinic),
            active=row.active,
        )
        for row in rows
    ]


def _may(row: ApiClient) -> str:
    scopes = [scope.removeprefix("system/") for scope in row.scopes]
    return ", ".join(scopes)


def proof_of(row: ApiClient) -> str:
    """How it shows who it is."""
    if row.jwks_url:
        return "Keys at its address"
    return "Keys stored here" if row.jwks is not None else "Tokens issued by command"


def when(at: datetime | None, clinic: Clinic) -> str:
    """When something last happened, in the clinic's own time."""
    return zoned(at, clinic.zone) if at else NEVER


def facts(row: ApiClient, clinic: Clinic, *, at: datetime) -> list[dict[str, Any]]:
    """What there is to know of one program."""
    open_ones = Q(revoked_at=None, expires_at__gt=at)
    tokens = row.tokens.aggregate(open=Count("id", filter=open_ones))["open"]
    keys = row.jwks["keys"] if row.jwks else []
    named = ", ".join(f"{one['kty']} {one.get('kid', 'without a kid')}" for one in keys)
    pairs = [
        ("Client id", str(row.id)),
        ("State", "Connected" if row.active else "Disconnected"),
        ("May do", " ".join(row.scopes)),
        ("Proves itself by", proof_of(row)),
        ("Keys", row.jwks_url or named or "None"),
        ("Connected since", when(row.created_at, clinic)),
        ("Last used", when(row.last_used_at, clinic)),
        ("Tokens that work now", str(tokens if row.active else 0)),
    ]
    return [{"key": key, "value": value} for key, value in pairs]


def newest(row: ApiClient, clinic: Clinic) -> Sequence[Event]:
    """The newest lines of the log about it; what it read stands with each record."""
    events = AuditEvent.objects.filter(
        object_type="ApiClient", object_id=str(row.id), kind__in=KINDS
    ).order_by("-at", "-seq")
    return [
        Event(zoned(event.at, clinic.zone), KINDS[event.kind])
        for event in events[:NEWEST]
    ]


def waiting_drafts(clinic: Clinic) -> QuerySet[DraftQuestionnaire]:
    """What was sent for review, the newest first."""
    rows = DraftQuestionnaire.objects.filter(clinic=clinic, discarded_at=None)
    return rows.select_related("client").order_by("-received_at", "id")


def drafts_of(clinic: Clinic) -> Sequence[Draft]:
    """The same, as they are shown."""
    return [
        Draft(
            title=row.title,
            url=row.url,
            version=row.version,
            received=zoned(row.received_at, clinic.zone),
            client=row.client.name,
            file=reverse("connections:draft", args=[row.id]),
            discard=reverse("connections:discard-draft", args=[row.id]),
        )
        for row in waiting_drafts(clinic)[:NEWEST]
    ]
