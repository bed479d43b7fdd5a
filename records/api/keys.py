"""Where a client's public keys come from: its row, or the address in it."""

import hashlib
import json
import time
from http import HTTPStatus
from http.client import HTTPException

from django.core.cache import cache

from core import webhook
from records.crypto import KeysRefused, read_keys
from records.definitions import api_policy
from records.models import ApiClient

Keys = list[dict[str, str]]
NOT_THERE = "The client's keys could not be read at its address."


def keys_of(client: ApiClient, *, key_id: str = "") -> Keys:
    """The keys that this client may sign with now; KeysRefused if none can be had.

    Keys behind an address are kept for some minutes. A key id that is not among
    those kept may be a new one: then they are fetched again, but not at every try.
    """
    policy = api_policy()
    if not client.jwks_url:
        return read_keys(client.jwks, most=policy.keys_most)
    name = _cache_name(client)
    kept: Keys | None = cache.get(name)
    if kept is not None and not (_unknown(kept, key_id) and _may_fetch_again(name)):
        return kept
    return _fresh(client, name)


def _fresh(client: ApiClient, name: str) -> Keys:
    """Fetched now; an address that failed is left alone a while, with its reason."""
    policy, failed = api_policy(), f"{name}:failed"
    if (reason := cache.get(failed)) is not None:
        raise KeysRefused(reason)
    try:
        fresh = read_keys(_fetch(client.jwks_url), most=policy.keys_most)
    except KeysRefused as error:
        cache.set(failed, str(error), policy.keys_again_seconds)
        raise
    cache.set(name, fresh, policy.keys_cached_seconds)
    return fresh


def _cache_name(client: ApiClient) -> str:
    # A new address is not answered from the keys of the one before it.
    digest = hashlib.sha256(client.jwks_url.encode()).hexdigest()
    return f"jwks:{client.id}:{digest[:32]}"


def _unknown(kept: Keys, key_id: str) -> bool:
    return bool(key_id) and all(key.get("kid") != key_id for key in kept)


def _may_fetch_again(name: str) -> bool:
    return cache.add(f"{name}:again", 1, api_policy().keys_again_seconds)


def _fetch(url: str) -> object:
    """Ask once, over https, at a public address, with an end to time and size."""
    policy = api_policy()
    ends = time.monotonic() + policy.keys_deadline_seconds
    try:
        parts = webhook.check_address(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, "Accept": "application/json"}
        with webhook.connection(parts, ends=ends) as line:
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            if answer.status != HTTPStatus.OK:
                raise KeysRefused(NOT_THERE)
            body = answer.read(policy.keys_largest_bytes + 1)
    except webhook.AddressRefused as error:
        raise KeysRefused("The client's address of keys is not allowed.") from error
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, KeysRefused):
            raise
        raise KeysRefused(NOT_THERE) from error
    if len(body) > policy.keys_largest_bytes:
        raise KeysRefused("The client's keys are larger than is read here.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise KeysRefused("What stands at the client's address is no JSON.") from error
