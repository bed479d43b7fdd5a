"""Short tokens against an assertion: each assertion opens once, whoever races."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core import audit
from core.audit import Actor
from core.crypto import hash_token, new_token
from records.models import ApiClient, ApiToken, UsedAssertion


class Replayed(Exception):
    """An assertion with this id was accepted before."""


class KeysChanged(Exception):
    """The client was disconnected, or has other keys than those that it proved."""


def grant_token(
    *,
    client: ApiClient,
    jti: str,
    assertion_ends_at: datetime,
    scopes: list[str],
    expires_at: datetime,
    keep: timedelta,
    by: Actor,
    at: datetime,
) -> str:
    """Return a new token, which is kept nowhere. Raises Replayed or KeysChanged.

    The row of the assertion decides: of two that arrive together, one is inserted.
    The client's own row is held: keys that are changed meanwhile open nothing more.
    """
    try:
        with transaction.atomic():
            _hold(client)
            _use_up(client, jti, assertion_ends_at)
            secret = _store(client, scopes, expires_at, by=by, at=at)
            _tidy(client, keep=keep, at=at)
            return secret
    except IntegrityError as error:
        raise Replayed from error


def use_up_assertion(
    *, client: ApiClient, jti: str, assertion_ends_at: datetime
) -> None:
    """What an assertion opened without a token is done once, too. Raises Replayed."""
    try:
        with transaction.atomic():
            _hold(client)
            _use_up(client, jti, assertion_ends_at)
    except IntegrityError as error:
        raise Replayed from error


def _hold(client: ApiClient) -> None:
    """The client as it was when its assertion was read, held until all is stored."""
    rows = ApiClient.objects.select_for_update(no_key=True)
    now = rows.filter(id=client.id).first()
    known = (client.active, client.jwks, client.jwks_url)
    if now is None or (now.active, now.jwks, now.jwks_url) != known:
        raise KeysChanged


def _use_up(client: ApiClient, jti: str, ends_at: datetime) -> None:
    UsedAssertion.objects.create(
        client=client, jti_hash=hash_token(jti), expires_at=ends_at
    )


def _store(
    client: ApiClient,
    scopes: list[str],
    expires_at: datetime,
    *,
    by: Actor,
    at: datetime,
) -> str:
    secret = new_token()
    token = ApiToken.objects.create(
        client=client,
        token_hash=hash_token(secret),
        scopes=scopes,
        created_at=at,
        expires_at=expires_at,
    )
    ApiClient.objects.filter(id=client.id).update(last_used_at=at)
    audit.record(
        clinic_id=client.clinic_id,
        kind="API_TOKEN_GRANTED",
        by=by,
        at=at,
        object_type="ApiClient",
        object_id=client.id,
        detail={"token": str(token.id), "scopes": scopes},
    )
    return secret


def _tidy(client: ApiClient, *, keep: timedelta, at: datetime) -> None:
    """What has ended of this client; the log goes on knowing of it."""
    client.assertions.filter(expires_at__lt=at).delete()
    # Those that an administrator issued stay: their scopes are the client's.
    short = client.tokens.filter(scopes__isnull=False, expires_at__lt=at - keep)
    short.delete()
