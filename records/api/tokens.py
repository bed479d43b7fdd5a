"""SMART Backend Services: what the server says of itself, and a token for a proof."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from core.audit import Actor
from core.crypto import hash_token
from records.actions import (
    KeysChanged,
    Replayed,
    grant_token,
    revoke_token,
    use_up_assertion,
)
from records.api.keys import keys_of
from records.api.oauth import OAuthRefused, OpenView
from records.api.throttles import (
    TokensByAddress,
    TokensByClient,
    TokensTogether,
)
from records.crypto import (
    ALGORITHMS,
    Asserted,
    AssertionRefused,
    KeysRefused,
    Limits,
    choose_key,
    issuer,
    read_assertion,
    verify,
)
from records.definitions import api_policy
from records.models import ApiClient, ApiToken
from records.permissions import narrowed, served

logger = logging.getLogger(__name__)

GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# One sentence wherever telling more would help somebody to try clients out.
UNKNOWN = "There is no such client with such a key. Ask the clinic's administrator."
USED = "This jti was used before: make a new assertion."
# The last counts only what the others let through.
TOKEN_LIMITS = [TokensByAddress, TokensByClient, TokensTogether]


class Configuration(OpenView):
    """`.well-known/smart-configuration` under the FHIR base."""

    def get(self, request: Request) -> Response:
        return Response(
            {
                "token_endpoint": token_url(),
                "revocation_endpoint": settings.BASE_URL + reverse("records:revoke"),
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
                "grant_types_supported": [GRANT],
                "response_types_supported": [],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": [f"system/{n}.{ls}" for n, ls in served().items()],
                "capabilities": [
                    "client-confidential-asymmetric",
                    "permission-v1",
                    "permission-v2",
                ],
            }
        )


class Token(OpenView):
    """A short token for a signed assertion."""

    throttle_classes = TOKEN_LIMITS

    def post(self, request: Request) -> Response:
        asked = _form(request)
        if asked.get("grant_type") != GRANT:
            raise OAuthRefused(
                "unsupported_grant_type", f"grant_type has to be {GRANT}."
            )
        client, jti, ends_at = _proven(asked)
        policy, at = api_policy(), timezone.now()
        scopes = _scopes(asked, client)
        try:
            secret = grant_token(
                client=client,
                jti=jti,
                assertion_ends_at=ends_at,
                scopes=scopes,
                expires_at=at + timedelta(seconds=policy.token_seconds),
                keep=timedelta(hours=policy.tokens_kept_hours),
                by=Actor.client(client.id),
                at=at,
            )
        except Replayed as error:
            raise _invalid(USED) from error
        except KeysChanged as error:
            raise _invalid(UNKNOWN) from error
        return Response(
            {
                "access_token": secret,
                "token_type": "bearer",
                "expires_in": policy.token_seconds,
                "scope": " ".join(scopes),
            }
        )


class Revoke(OpenView):
    """Ends a token of the client that asks; of any other nothing is told."""

    throttle_classes = TOKEN_LIMITS

    def post(self, request: Request) -> Response:
        asked = _form(request)
        client, jti, ends_at = _proven(asked)
        secret = asked.get("token", "")
        if not secret:
            raise OAuthRefused("invalid_request", "token is missing.")
        try:
            use_up_assertion(client=client, jti=jti, assertion_ends_at=ends_at)
        except Replayed as error:
            raise _invalid(USED) from error
        except KeysChanged as error:
            raise _invalid(UNKNOWN) from error
        token = ApiToken.objects.filter(
            client=client, token_hash=hash_token(secret)
        ).first()
        if token is not None:
            revoke_token(token=token, by=Actor.client(client.id), at=timezone.now())
        return Response(status=status.HTTP_200_OK, data={})


def token_url() -> str:
    """The address of the token endpoint, which an assertion has to be made for."""
    return settings.BASE_URL + reverse("records:token")


def _form(request: Request) -> dict[str, str]:
    """The parameters, each once: OAuth refuses one that is sent twice."""
    data = request.data
    if not isinstance(data, QueryDict):
        raise OAuthRefused("invalid_request", "Send a form.")
    if any(len(values) > 1 for _, values in data.lists()):
        raise OAuthRefused("invalid_request", "A parameter was sent twice.")
    return {name: str(values[0]) for name, values in data.lists() if values}


def _invalid(sentence: str) -> OAuthRefused:
    return OAuthRefused("invalid_client", sentence, status.HTTP_401_UNAUTHORIZED)


def _proven(asked: dict[str, str]) -> tuple[ApiClient, str, Any]:
    """Who asks, the id of their assertion, and until when it could be sent again."""
    if asked.get("client_assertion_type") != ASSERTION:
        raise _invalid(f"client_assertion_type has to be {ASSERTION}.")
    policy, at = api_policy(), timezone.now()
    try:
        asserted = read_assertion(asked.get("client_assertion", ""))
        client = _client(issuer(asserted), asked)
        limits = Limits(
            audience=token_url(),
            at=at,
            seconds=policy.assertion_seconds,
            leeway=policy.clock_leeway_seconds,
        )
        jti = verify(asserted, _key(client, asserted), limits)
    except AssertionRefused as error:
        raise _invalid(str(error)) from error
    longest = policy.assertion_seconds + 2 * policy.clock_leeway_seconds
    return client, jti, at + timedelta(seconds=longest)


def _client(named: str, asked: dict[str, str]) -> ApiClient:
    if asked.get("client_id", named) != named:
        raise _invalid("client_id is not the one in the assertion.")
    try:
        rows = ApiClient.objects.select_related("clinic")
        client = rows.filter(id=uuid.UUID(named), active=True).first()
    except ValueError:
        client = None
    if client is None or (client.jwks is None and not client.jwks_url):
        raise _invalid(UNKNOWN)
    return client


def _key(client: ApiClient, asserted: Asserted) -> Any:
    """The key that the assertion names, from where the client is registered to have
    it: an address in the assertion itself is never followed."""
    if asserted.keys_from and asserted.keys_from != client.jwks_url:
        raise _invalid("jku is not the address that this client is registered with.")
    try:
        keys = keys_of(client, key_id=asserted.key_id)
    except KeysRefused as error:
        logger.warning("The keys of client %s cannot be used", client.id)
        raise _invalid(str(error)) from error
    key = choose_key(keys, asserted)
    if key is None:
        raise _invalid(UNKNOWN)
    return key


def _scopes(asked: dict[str, str], client: ApiClient) -> list[str]:
    wanted = asked.get("scope", "").split()
    if not wanted:
        raise OAuthRefused("invalid_scope", "scope is missing.")
    granted = narrowed(wanted, client.scopes)
    if not granted:
        registered = " ".join(narrowed(client.scopes, client.scopes))
        raise OAuthRefused("invalid_scope", f"This client may ask for: {registered}.")
    return granted
