"""Where exports are kept is said in one address, or refused with what to do."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import checks, storage
from records.client.bucket import BucketStorage

NAME = "RECORDS_STORAGE"


def test_a_folder_is_the_default(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    assert storage.exports(NAME) == {"BACKEND": storage.DISK}


def test_a_bucket_has_its_options(monkeypatch):
    address = "s3://clinic-exports/north/1?region=eu-central-1&encryption=aws:kms"
    monkeypatch.setenv(NAME, address)
    monkeypatch.setenv(f"{NAME}_ENDPOINT", "https://s3.example")
    monkeypatch.setenv(f"{NAME}_KEY", "k")
    monkeypatch.setenv(f"{NAME}_SECRET", "s")
    found = storage.exports(NAME)
    assert found == {
        "BACKEND": storage.BUCKET,
        "OPTIONS": {
            "bucket_name": "clinic-exports",
            "location": "north/1",
            "region_name": "eu-central-1",
            "addressing_style": None,
            "endpoint_url": "https://s3.example",
            "object_parameters": {"ServerSideEncryption": "aws:kms"},
            "access_key": "k",
            "secret_key": "s",
        },
    }
    # The library takes each of them by that name.
    kept = BucketStorage(**found["OPTIONS"])
    assert (kept.location, kept.default_acl, kept.custom_domain) == (
        "north/1",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("", "/srv/exports", "s3://bucket/folder"),
        ("", "s3://", "s3://bucket/folder"),
        ("", "s3://Key:secret@bucket", "s3://bucket/folder"),
        ("", "s3://bucket?acl=public-read", "not acl"),
        ("_ENDPOINT", "http://s3.example", "https:// address"),
        ("_KEY", "k", "_KEY and RECORDS_STORAGE_SECRET together"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(monkeypatch, name, value, said):
    monkeypatch.setenv(NAME, "s3://bucket")
    monkeypatch.setenv(f"{NAME}{name}", value)
    with pytest.raises(ImproperlyConfigured, match=said) as refused:
        storage.exports(NAME)
    assert "secret@" not in str(refused.value)


def test_a_bucket_without_its_library_is_an_error(monkeypatch, settings):
    assert checks.exports_can_be_kept() == []
    settings.STORAGES = {**settings.STORAGES, "exports": {"BACKEND": storage.BUCKET}}
    assert checks.exports_can_be_kept() == []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = checks.exports_can_be_kept()
    assert [one.id for one in found] == ["config.E008", "config.E008"]
    assert "requirements-objects.txt" in str(found[0].hint)
