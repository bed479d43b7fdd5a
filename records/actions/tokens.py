"""Short tokens against an assertion: each assertion opens once, whoever races."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core import audit
from core.audit import Actor
from core.crypto import hash_token, new_token
from records.models import ApiClient, ApiToken, UsedAssertion


class Replayed(Exception):
    """An assertion with this id was accepted before."""


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
    """Return a new token, which is kept nowhere. Raises Replayed.

    The row of the assertion decides: of two that arrive together, one is inserted.
    """
    try:
        with transaction.atomic():
            _use_up(client, jti, assertion_ends_at)
            secret = _store(client, scopes, expires_at, by=by, at=at)
            _tidy(client, keep=keep, at=at)
            return secret
    except IntegrityError as error:
        raise Replayed from error


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
