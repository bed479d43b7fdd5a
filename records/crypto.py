"""The public keys of a client, and what it signs with the private ones."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwk, jwt
from joserfc.errors import JoseError

# What SMART has every server read; a weaker one is never accepted.
ALGORITHMS = {"RS384": "RSA", "ES384": "EC"}
CURVE = "P-384"
RSA_BITS = 2048
PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}
PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
LONGEST_JTI = 200
LONGEST = 8_000


class KeysRefused(ValueError):
    """These keys cannot be used; the sentence says why."""


class AssertionRefused(ValueError):
    """This assertion proves nothing; the sentence is for the client's developer."""


@dataclass(frozen=True, slots=True)
class Asserted:
    """An assertion as it came, not verified yet: who it claims to be."""

    raw: str
    algorithm: str
    key_id: str
    keys_from: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """For whom an assertion has to be, when it is read, how long it may last."""

    audience: str
    at: datetime
    seconds: int
    leeway: int


def read_keys(document: object, *, most: int) -> list[dict[str, str]]:
    """The keys of a JWKS that can be used, in short; KeysRefused if there are none."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        raise KeysRefused('A JWKS is an object such as {"keys": [{"kty": "EC", …}]}.')
    if len(keys) > most:
        raise KeysRefused(f"A JWKS may hold at most {most} keys.")
    if any(name in one for one in keys for name in PRIVATE):
        raise KeysRefused(
            "This holds a private key. Nobody but the program may have it: "
            "make a new pair, and give only the public half."
        )
    found = [_read_key(one) for one in keys if _is_for_signing(one)]
    if not found:
        raise KeysRefused(
            "There is no key here that can be used: one of RSA (RS384) or of "
            "EC with the curve P-384 (ES384)."
        )
    ids = [one["kid"] for one in found if "kid" in one]
    if len(ids) != len(set(ids)):
        raise KeysRefused("Two of these keys have the same kid.")
    return found


def _is_for_signing(key: Mapping[str, Any]) -> bool:
    algorithm = key.get("alg")
    kind = key.get("kty")
    right_curve = kind != "EC" or key.get("crv") == CURVE
    return (
        kind in PUBLIC
        and key.get("use", "sig") == "sig"
        and (algorithm is None or ALGORITHMS.get(str(algorithm)) == kind)
        and right_curve
    )


def _read_key(key: Mapping[str, Any]) -> dict[str, str]:
    kind = str(key["kty"])
    kept = {"kty": kind}
    for name in (*PUBLIC[kind], "kid"):
        if name in key:
            if not isinstance(key[name], str):
                raise KeysRefused(f"The member {name} of a key has to be text.")
            kept[name] = key[name]
    if kind == "RSA" and _bits(kept.get("n", "")) < RSA_BITS:
        raise KeysRefused(f"An RSA key has to have {RSA_BITS} bits or more.")
    _imported(kept)
    return kept


def _imported(key: Mapping[str, str]) -> jwk.Key:
    plain: dict[str, str | list[str]] = {
        name: value for name, value in key.items() if name != "kid"
    }
    kind = jwk.RSAKey if key["kty"] == "RSA" else jwk.ECKey
    try:
        found = kind.import_key(plain)
        _ = found.raw_value  # read only now: a broken number shows itself here
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise KeysRefused("One of these keys cannot be read.") from error
    return found


def _bits(modulus: str) -> int:
    """How long a modulus is; 0 if it cannot be read."""
    try:
        raw = base64.b64decode(
            modulus.encode() + b"=" * (-len(modulus) % 4), b"-_", validate=True
        )
    except (ValueError, binascii.Error):
        return 0
    return int.from_bytes(raw).bit_length()


def read_assertion(raw: str) -> Asserted:
    """Take an assertion apart; nothing in it is believed yet."""
    parts = raw.split(".")
    if len(raw) > LONGEST or len(parts) != 3:
        raise AssertionRefused("client_assertion is not a signed JWT.")
    header, claims = _part(parts[0]), _part(parts[1])
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        allowed = " or ".join(ALGORITHMS)
        raise AssertionRefused(f"The assertion has to be signed with {allowed}.")
    if "crit" in header:
        raise AssertionRefused("The assertion's header has parts not known here.")
    return Asserted(
        raw=raw,
        algorithm=str(algorithm),
        key_id=_text(header, "kid"),
        keys_from=_text(header, "jku"),
        claims=claims,
    )


def _part(encoded: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(
            encoded.encode() + b"=" * (-len(encoded) % 4), b"-_", validate=True
        )
        read = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError) as error:
        raise AssertionRefused("client_assertion cannot be read.") from error
    if not isinstance(read, dict):
        raise AssertionRefused("client_assertion cannot be read.")
    return read


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name, "")
    if not isinstance(value, str):
        raise AssertionRefused(f"{name} has to be text.")
    return value


def issuer(asserted: Asserted) -> str:
    """Who it claims to be: `iss` and `sub` have to be the same."""
    found = _text(asserted.claims, "iss")
    if not found or found != _text(asserted.claims, "sub"):
        raise AssertionRefused("iss and sub both have to be the client's id.")
    return found


def choose_key(
    keys: Sequence[Mapping[str, str]], asserted: Asserted
) -> Mapping[str, str] | None:
    """The one key that kid and kind name; None if it is not exactly one.

    Without a kid the kind has to name it: some clients that sign with a PEM file
    send none, and of a single key there is no doubt.
    """
    kind = ALGORITHMS[asserted.algorithm]
    found = [
        key
        for key in keys
        if key["kty"] == kind and asserted.key_id in ("", key.get("kid"))
    ]
    return found[0] if len(found) == 1 else None


def verify(asserted: Asserted, key: Mapping[str, str], limits: Limits) -> str:
    """Check signature, audience and times; returns the assertion's own id (jti)."""
    try:
        jwt.decode(asserted.raw, _imported(key), algorithms=[asserted.algorithm])
    except (JoseError, ValueError) as error:
        raise AssertionRefused("The signature does not fit the key.") from error
    aud = asserted.claims.get("aud")
    if limits.audience not in (aud if isinstance(aud, list) else [aud]):
        raise AssertionRefused(f"aud has to be {limits.audience}.")
    _check_times(asserted.claims, limits)
    jti = _text(asserted.claims, "jti")
    if not 0 < len(jti) <= LONGEST_JTI:
        raise AssertionRefused("jti has to be there, and be new each time.")
    return jti


def _check_times(claims: Mapping[str, Any], limits: Limits) -> None:
    now = limits.at.timestamp()
    expires = _number(claims, "exp")
    if expires is None:
        raise AssertionRefused("exp has to be there.")
    if expires <= now - limits.leeway:
        raise AssertionRefused("The assertion has expired.")
    if expires > now + limits.seconds + limits.leeway:
        raise AssertionRefused(
            f"exp has to be at most {limits.seconds} seconds from now."
        )
    for name in ("nbf", "iat"):
        begins = _number(claims, name)
        if begins is not None and begins > now + limits.leeway:
            raise AssertionRefused(f"{name} is in the future: compare the clocks.")


def _number(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    # No truth value, and nothing that is no number at all or endless.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AssertionRefused(f"{name} has to be a number of seconds.")
    if not -1e12 < value < 1e12:
        raise AssertionRefused(f"{name} has to be a number of seconds.")
    return value
