"""Seals text with AES-GCM bound to its place, and hashes what must be searched."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class CannotRead(Exception):
    """The sealed text is damaged, moved to another place, or its key is gone."""


def seal(plain: str, *, context: str) -> str:
    """`kid.nonce.ciphertext`; opens only in the same context (table.column:pk)."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), context.encode())
    return f"{key_id}.{_encode(nonce)}.{_encode(sealed)}"


def open_sealed(sealed: str, *, context: str) -> str:
    key_id, _, rest = sealed.partition(".")
    nonce, _, body = rest.partition(".")
    key = settings.FIELD_KEYS.get(key_id)
    if key is None:
        raise CannotRead(f"No key opens {context}.")
    try:
        opened = AESGCM(key).decrypt(_decode(nonce), _decode(body), context.encode())
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise CannotRead(f"{context} was changed outside the product.") from error
    return opened.decode()


def is_current(sealed: str) -> bool:
    """Whether the active key sealed it."""
    return sealed.partition(".")[0] == next(iter(settings.FIELD_KEYS))


def blind_index(value: str, *, purpose: str) -> str:
    """Equal values give equal indexes within one purpose; the value stays unknown."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(settings.INDEX_KEY, message, hashlib.sha256).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    raw = text.encode()
    return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
