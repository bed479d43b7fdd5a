"""Every write about clients, tokens and their reading, each with its audit row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from core import audit
from core.audit import Actor
from core.crypto import hash_token, new_token
from core.models import Clinic
from records.actions.subscriptions import end_subscriptions
from records.models import ApiClient, ApiToken
from records.permissions import check_scopes_known

# "Last used" is for people who tidy up; a write for every read would cost more.
LAST_USED_EVERY = timedelta(minutes=5)


class ClientClosed(ValueError):
    """The client is connected no more; the sentence says so."""


@transaction.atomic
def create_client(
    *,
    clinic: Clinic,
    name: str,
    scopes: list[str],
    by: Actor,
    at: datetime,
    jwks: Mapping[str, Any] | None = None,
    jwks_url: str = "",
) -> ApiClient:
    """Raises ScopeRefused for a scope that is not served.

    `jwks` or `jwks_url`: the public keys with which it proves who it is.
    """
    check_scopes_known(scopes)
    client = ApiClient.objects.create(
        clinic=clinic,
        name=name,
        scopes=scopes,
        jwks=jwks,
        jwks_url=jwks_url,
        created_at=at,
    )
    detail = {"scopes": scopes, "keys": _how(client)}
    _note(client, "API_CLIENT_CREATED", by=by, at=at, detail=detail)
    return client


def _how(client: ApiClient) -> str:
    """How it proves who it is, in a word for the log; never a key or an address."""
    if client.jwks_url:
        return "address"
    return "inline" if client.jwks is not None else "issued tokens"


@transaction.atomic
def change_keys(
    *,
    client: ApiClient,
    jwks: Mapping[str, Any] | None,
    jwks_url: str,
    by: Actor,
    at: datetime,
) -> None:
    """Trust these keys from now on, and no token that the keys before them opened."""
    row = ApiClient.objects.select_for_update().get(id=client.id)
    if not row.active:
        raise ClientClosed(f"{row.name} was disconnected. Connect it anew.")
    row.jwks, row.jwks_url = jwks, jwks_url
    row.save(update_fields=["jwks", "jwks_url"])
    granted = row.tokens.filter(revoked_at__isnull=True, scopes__isnull=False)
    closed = granted.filter(expires_at__gt=at).update(revoked_at=at)
    detail = {"keys": _how(row), "tokens_closed": closed}
    _note(row, "API_CLIENT_KEYS_CHANGED", by=by, at=at, detail=detail)


@transaction.atomic
def revoke_tokens(*, client: ApiClient, by: Actor, at: datetime) -> int:
    """Close every token of a client that stays connected; returns how many."""
    rows = client.tokens.filter(revoked_at__isnull=True, expires_at__gt=at)
    closed = rows.update(revoked_at=at)
    if closed:
        detail = {"tokens_closed": closed}
        _note(client, "API_TOKENS_REVOKED", by=by, at=at, detail=detail)
    return closed


@transaction.atomic
def issue_token(
    *, client: ApiClient, days: int, by: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """Return the row and the token itself, which is kept nowhere."""
    secret = new_token()
    token = ApiToken.objects.create(
        client=client,
        token_hash=hash_token(secret),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    detail = {"token": str(token.id), "expires_at": token.expires_at.isoformat()}
    _note(client, "API_TOKEN_ISSUED", by=by, at=at, detail=detail)
    return token, secret


@transaction.atomic
def revoke_client(*, client: ApiClient, by: Actor, at: datetime) -> None:
    """Close the client and every token it still has. Again is harmless."""
    client.tokens.filter(revoked_at__isnull=True).update(revoked_at=at)
    if ApiClient.objects.filter(id=client.id, active=True).update(active=False):
        client.active = False
        end_subscriptions(client=client, by=by, at=at)
        _note(client, "API_CLIENT_REVOKED", by=by, at=at)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor, at: datetime) -> None:
    """Close one token. Again is harmless."""
    rows = ApiToken.objects.filter(id=token.id, revoked_at__isnull=True)
    if rows.update(revoked_at=at):
        token.revoked_at = at
        detail = {"token": str(token.id)}
        _note(token.client, "API_TOKEN_REVOKED", by=by, at=at, detail=detail)


@transaction.atomic
def note_reading(
    *,
    token: ApiToken,
    interaction: str,
    resource: str,
    object_type: str,
    object_id: str,
    at: datetime,
) -> None:
    """Write down what a client read, before it gets it."""
    audit.record(
        clinic_id=token.client.clinic_id,
        kind="RECORD_READ",
        by=Actor.client(token.client_id),
        at=at,
        object_type=object_type,
        object_id=object_id,
        detail={"interaction": interaction, "resource": resource},
    )
    _touch(token, at)


@transaction.atomic
def note_search(
    *,
    token: ApiToken,
    resource: str,
    patients: Sequence[UUID],
    count: int,
    at: datetime,
) -> None:
    """Write down what a search gave: a line for each patient, so that each finds it."""
    detail = {"interaction": "search-type", "resource": resource, "count": count}
    by = Actor.client(token.client_id)
    audit.record_all(
        clinic_id=token.client.clinic_id,
        kind="RECORD_READ",
        by=by,
        at=at,
        object_type="patient" if patients else "ApiClient",
        object_ids=patients or [token.client_id],
        detail=detail,
    )
    _touch(token, at)


@transaction.atomic
def note_listing(
    *,
    token: ApiToken,
    resource: str,
    object_type: str,
    object_ids: Sequence[UUID],
    at: datetime,
) -> None:
    """Write down every record of a list, before the client gets it."""
    if object_ids:
        audit.record_all(
            clinic_id=token.client.clinic_id,
            kind="RECORD_READ",
            by=Actor.client(token.client_id),
            at=at,
            object_type=object_type,
            object_ids=object_ids,
            detail={"interaction": "search-type", "resource": resource},
        )
    _touch(token, at)


@transaction.atomic
def note_changed_text(
    *, token: ApiToken, definition: UUID, resource: str, at: datetime
) -> None:
    """Write down that a stored text is not what it was, and that nothing left."""
    audit.record(
        clinic_id=token.client.clinic_id,
        kind="RECORD_TEXT_CHANGED_REFUSED",
        by=Actor.client(token.client_id),
        at=at,
        object_type="Definition",
        object_id=definition,
        detail={"resource": resource},
    )


@transaction.atomic
def note_table(
    *, clinic: Clinic, table: str, first: date, last: date, by: Actor, at: datetime
) -> None:
    """Write down that a table about many patients left, before it does."""
    audit.record(
        clinic_id=clinic.id,
        kind="RECORD_TABLE_DOWNLOADED",
        by=by,
        at=at,
        object_type="clinic",
        object_id=clinic.id,
        detail={"table": table, "from": first.isoformat(), "to": last.isoformat()},
    )


@transaction.atomic
def note_refusal(
    *, token: ApiToken, interaction: str, resource: str, at: datetime
) -> None:
    """Write down that a known client asked for more than its scopes."""
    detail = {"interaction": interaction, "resource": resource}
    by = Actor.client(token.client_id)
    _note(token.client, "RECORD_REFUSED", by=by, at=at, detail=detail)


def _touch(token: ApiToken, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at >= LAST_USED_EVERY:
        ApiToken.objects.filter(id=token.id).update(last_used_at=at)
        ApiClient.objects.filter(id=token.client_id).update(last_used_at=at)


def _note(
    client: ApiClient,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        clinic_id=client.clinic_id,
        kind=kind,
        by=by,
        at=at,
        object_type="ApiClient",
        object_id=str(client.id),
        detail=detail,
    )
