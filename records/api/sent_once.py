"""By what a thing that is sent is known again: its sender's name for it, or its content."""

import hashlib
import json
from collections.abc import Sequence

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from core.crypto import blind_index
from records.actions import Key
from records.models import ApiClient


class Precondition(APIException):
    """A condition that is not understood is never taken as fulfilled."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "If-None-Exist has to be identifier=system|value."
    default_code = "precondition"


def condition_of(request: Request) -> str:
    """system|value of If-None-Exist, or nothing where there is no such header."""
    header = request.headers.get("If-None-Exist", "").strip().removeprefix("?")
    if not header:
        return ""
    name, _, value = header.partition("=")
    value = value.replace("%7C", "|").replace("%7c", "|")
    if name != "identifier" or not value.strip("|") or "&" in value:
        raise Precondition
    return value if "|" in value else f"|{value}"


def hashed(client: ApiClient, kind: str, key: str) -> str:
    """A number of another system may tell of a person: only its index is kept."""
    return blind_index(f"{client.clinic_id}:{kind}:{key}", purpose="records.received")


def key_of(
    client: ApiClient,
    kind: str,
    named: str,
    content: object,
    *,
    before: Sequence[object] = (),
) -> Key:
    """The key by which it is known again: the sender's, or else what it says."""
    digest, *others = (_digest(client, kind, one) for one in (content, *before))
    key_hash = hashed(client, kind, named) if named else digest
    return Key(key_hash=key_hash, digest=digest, before=others)


def _digest(client: ApiClient, kind: str, content: object) -> str:
    written = json.dumps(content, sort_keys=True, default=str)
    return hashed(client, kind, hashlib.sha256(written.encode()).hexdigest())
