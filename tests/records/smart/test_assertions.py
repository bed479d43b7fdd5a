"""Assertions: every claim and every signature is checked, before anything is believed."""

import base64
import hmac
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from joserfc import jwk

from records.models import ApiToken
from tests.records.smart.signing import ask, assertion, connected, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(clinic):
    return connected(clinic)


def refused(answer, error="invalid_client", code=401):
    assert (answer.status_code, answer.json()["error"]) == (code, error)
    assert answer["Cache-Control"] == "no-store"
    assert not ApiToken.objects.exists()
    return answer.json()["error_description"]


def now(**later):
    return int((timezone.now() + timedelta(**later)).timestamp())


OTHER_AUDIENCE = "http://localhost/fhir/R4"
BAD_CLAIMS: dict[str, Callable[[], dict[str, Any]]] = {
    "another issuer": lambda: {"iss": str(uuid.uuid4())},
    "another subject": lambda: {"sub": str(uuid.uuid4())},
    "no issuer": lambda: {"iss": None},
    "nobody": lambda: {"iss": "nobody", "sub": "nobody"},
    "not text": lambda: {"iss": 1, "sub": 1},
    "another audience": lambda: {"aud": OTHER_AUDIENCE},
    "no audience": lambda: {"aud": None},
    "audiences without ours": lambda: {"aud": [OTHER_AUDIENCE]},
    "no end": lambda: {"exp": None},
    "ended": lambda: {"exp": now(seconds=-60)},
    "ends too late": lambda: {"exp": now(seconds=400)},
    "endless": lambda: {"exp": 1e300},
    "end in words": lambda: {"exp": "soon"},
    "end as a truth": lambda: {"exp": True},
    "not begun": lambda: {"nbf": now(seconds=120)},
    "issued in the future": lambda: {"iat": now(seconds=120)},
    "no id": lambda: {"jti": None},
    "empty id": lambda: {"jti": ""},
    "id not text": lambda: {"jti": 7},
    "id too long": lambda: {"jti": "x" * 500},
}


def test_every_claim_is_checked(client, system):
    for name, claims in BAD_CLAIMS.items():
        sentence = refused(ask(client, assertion(system, **claims())))
        assert sentence.endswith("."), name


def part(content):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unsigned(system):
    claims = assertion(system).split(".")[1]
    return ".".join([part({"alg": "none", "kid": "one"}), claims, ""])


def _shared_secret(system):
    """The old trick: the public key, taken as the secret of a symmetric signature."""
    head = part({"alg": "HS384", "kid": "one"})
    signed = f"{head}.{assertion(system).split('.')[1]}"
    secret = key().as_pem(private=False)
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), 'sha384'))}"


def _changed(system):
    head, body, signature = assertion(system).split(".")
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"
    return ".".join([head, body, signature[:middle] + other + signature[middle + 1 :]])


BAD_SIGNATURES = {
    "unsigned": _unsigned,
    "a shared secret": _shared_secret,
    "changed": _changed,
    "a stranger's key under our kid": lambda system: assertion(
        system, by=jwk.ECKey.generate_key("P-384", {"kid": "one"})
    ),
    "an unknown kid": lambda system: assertion(system, header={"kid": "two"}),
    "another kind of key": lambda system: assertion(system, by=key(kind="RSA")),
    "keys from elsewhere": lambda system: assertion(
        system, header={"jku": "https://example.org/keys"}
    ),
    "a kid that is no text": lambda system: ".".join(
        [part({"alg": "ES384", "kid": 1}), *assertion(system).split(".")[1:]]
    ),
    "a header that is no object": lambda system: f"{part([])}.{part([])}.",
    "not base64": lambda system: "ä.b.c",
    "no JWT": lambda system: "abc",
    "too much": lambda system: "a." * 9000,
    "empty": lambda system: "",
}


def test_every_signature_is_checked(client, system):
    for name, made in BAD_SIGNATURES.items():
        assert refused(ask(client, made(system))), name
