"""A real bucket, named by RECORDS_STORAGE as for the product; else the fake of it here."""

import uuid
from collections.abc import Iterator

import httpx2
import pytest
from django.core.files.storage import storages

from config import storage
from records.client import store
from tests import environment
from tests.support.bucket import served

pytestmark = pytest.mark.live
LINE = b"x" * 1_000_000
FORBIDDEN = 403


@pytest.fixture
def place(monkeypatch, settings) -> Iterator[bool]:
    """The storage called "exports", as an installation has it; yields whether it is real."""
    named = {name: environment.NAMED_OUTSIDE[name] for name in environment.BUCKET}
    if named["RECORDS_STORAGE"]:
        for name, value in named.items():
            monkeypatch.setenv(name, value)
        made = storage.exports("RECORDS_STORAGE")
        settings.STORAGES = {**settings.STORAGES, "exports": made}
        yield True
        return
    with served() as bucket:
        settings.STORAGES = {**settings.STORAGES, "exports": bucket.storage}
        yield False  # the fake lets everybody in


def test_pieces_are_stored_read_back_and_taken_away(place: bool) -> None:
    export = uuid.uuid4()
    writer = store.Writer(export, 1)
    for lines in (20, 1):
        writer.add("Patient", [LINE] * lines)
        writer.store()
    size, count = writer.written["Patient"]
    try:
        assert (count, len(store.names(export))) == (21, 2)
        content = store.read(export, "Patient", 1, size=size, zipped=False)
        assert b"".join(content) == (LINE + b"\n") * count
        if place:
            name = f"{export}/{store.names(export)[0]}"
            address = storages["exports"].url(name).partition("?")[0]
            assert httpx2.get(address).status_code == FORBIDDEN
    finally:
        store.remove(export)
    assert store.names(export) == []
    with pytest.raises(FileNotFoundError):
        store.read(export, "Patient", 1, size=size, zipped=False)
