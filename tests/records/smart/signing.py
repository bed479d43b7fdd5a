"""A client's side of SMART Backend Services: its keys, and what it signs with them."""

import uuid
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from joserfc import jwk, jwt

from core.audit import Actor
from records.actions import create_client
from tests.records.rows import AT

TOKEN = "/fhir/R4/auth/token"
AUDIENCE = f"http://localhost{TOKEN}"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
READ = "system/Observation.rs system/QuestionnaireResponse.rs"
BY = Actor.system("tests")


def key(kid: str = "one", kind: str = "EC") -> jwk.Key:
    """The same one whenever it is asked for."""
    return _made(kid, kind)


@lru_cache
def _made(kid: str, kind: str) -> jwk.Key:
    """Made once a process: an RSA key takes a while."""
    if kind == "RSA":
        return jwk.RSAKey.generate_key(2048, {"kid": kid})
    return jwk.ECKey.generate_key("P-384", {"kid": kid})


def jwks(*keys: jwk.Key) -> dict[str, list[Any]]:
    return {"keys": [one.as_dict(private=False) for one in keys]}


def connected(clinic, *keys, scopes=READ, name="Record system", url=""):
    """A client of this clinic that proves itself with these keys."""
    inline = None if url else jwks(*(keys or (key(),)))
    return create_client(
        clinic=clinic,
        name=name,
        scopes=scopes.split(),
        jwks=inline,
        jwks_url=url,
        by=BY,
        at=AT,
    )


def assertion(client, *, by=None, header=None, **claims):
    """A good one, but for what is said here; None takes a claim away."""
    by = by or key()
    now = int(timezone.now().timestamp())
    algorithm = "RS384" if by.key_type == "RSA" else "ES384"
    head = {"alg": algorithm, "kid": by.kid, **(header or {})}
    body = {
        "iss": str(client.id),
        "sub": str(client.id),
        "aud": AUDIENCE,
        "exp": now + 240,
        "jti": str(uuid.uuid4()),
        **claims,
    }
    told = {name: value for name, value in body.items() if value is not None}
    kept = {name: value for name, value in head.items() if value is not None}
    return jwt.encode(kept, told, by, algorithms=[kept["alg"]])


def form(signed, scope=READ, **changes):
    """What is posted to the token endpoint."""
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": signed,
        "scope": scope,
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def ask(browser, signed, scope=READ, **changes):
    """Post it, as a form."""
    return post(browser, TOKEN, form(signed, scope, **changes))


def post(browser, path, sent, **meta):
    """A plain form, not the one for files that Django's test client would send."""
    content = urlencode(sent, doseq=True)
    return browser.post(path, content, "application/x-www-form-urlencoded", **meta)


def token_of(browser, client, scope=READ, **how):
    """A token, by the whole way."""
    answer = ask(browser, assertion(client, **how), scope)
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]
