"""Where the files of exports are kept: a folder of this machine, or a bucket."""

import importlib.util
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

from config import env

DISK = "records.client.disk.DurableStorage"
BUCKET = "records.client.bucket.BucketStorage"
NEEDED = ("storages", "boto3")
KNOWN = ("region", "encryption", "style")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def exports(name: str) -> dict[str, Any]:
    """The storage called "exports", from NAME, NAME_ENDPOINT, NAME_KEY and NAME_SECRET."""
    value = env.text(name, "")
    if not value:
        return {"BACKEND": DISK}
    url = env.address(name, value)
    asked = dict(parse_qsl(url.query, keep_blank_values=True))
    if url.scheme != "s3" or not _BUCKET.fullmatch(url.netloc):
        raise ImproperlyConfigured(
            f"Set {name} to s3://bucket/folder, or leave it out for RECORDS_FOLDER."
        )
    if unknown := sorted(set(asked) - set(KNOWN)):
        raise ImproperlyConfigured(
            f"{name} takes {', '.join(KNOWN)} after its question mark, not {unknown[0]}."
        )
    options = {
        "bucket_name": url.netloc,
        "location": unquote(url.path).strip("/"),
        "region_name": asked.get("region"),
        "addressing_style": asked.get("style"),
        "endpoint_url": env.private_address(f"{name}_ENDPOINT") or None,
        "object_parameters": _encrypted(asked.get("encryption", "")),
        **_keys(name),
    }
    return {"BACKEND": BUCKET, "OPTIONS": options}


def _encrypted(how: str) -> dict[str, str]:
    return {"ServerSideEncryption": how} if how else {}


def _keys(name: str) -> dict[str, str]:
    """Without any, the machine's own role is asked, as Amazon's library does."""
    key, secret = env.text(f"{name}_KEY", ""), env.text(f"{name}_SECRET", "")
    if bool(key) != bool(secret):
        raise ImproperlyConfigured(f"Set {name}_KEY and {name}_SECRET together.")
    return {"access_key": key, "secret_key": secret} if key else {}


def missing(storage: dict[str, Any]) -> list[str]:
    """The packages that this storage needs and that are not installed."""
    if storage["BACKEND"] != BUCKET:
        return []
    return [one for one in NEEDED if importlib.util.find_spec(one) is None]
