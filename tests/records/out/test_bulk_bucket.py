"""Exports in a bucket: stored in pieces, streamed out through our own address, cleared."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from records import tasks
from records.client import store
from records.models import Export
from tests.records.out.exporting import fetched, kick_off
from tests.support.bucket import served

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_pages")]


@pytest.fixture
def bucket(settings):
    with served() as bucket:
        settings.STORAGES = {**settings.STORAGES, "exports": bucket.storage}
        yield bucket
        place: Any = storages["exports"]
        place.connection.meta.client.close()


def later(**how):
    return lambda: timezone.now() + timedelta(**how)


def test_export_is_kept_in_the_bucket_and_leaves_through_us(fhir, results, bucket):
    status = kick_off(fhir, query="?_type=QuestionnaireResponse,Observation")
    tasks.tick()
    manifest, found = fetched(fhir, status)
    assert sorted(one["id"] for one in found["QuestionnaireResponse"]) == sorted(
        str(one.id) for one in results
    )
    assert len({one["id"] for one in found["Observation"]}) == 60
    # Three pieces of each type, private, in the folder that was named.
    row = Export.objects.get()
    assert len(bucket.names()) == 6
    assert all(name.startswith(f"north/{row.id}/") for name in bucket.names())
    assert manifest["requiresAccessToken"] is True
    for file in manifest["output"]:
        assert file["url"].startswith("http://localhost/fhir/R4/exports/")
    url = manifest["output"][0]["url"].removeprefix("http://localhost")
    zipped = fhir.get(url, HTTP_ACCEPT_ENCODING="gzip")
    lines = gzip.decompress(b"".join(zipped.streaming_content)).splitlines()
    assert [json.loads(line)["resourceType"] for line in lines] == ["Observation"] * 60

    tasks.tick(later(days=2))
    row.refresh_from_db()
    assert (row.state, bucket.names()) == ("EXPIRED", [])


def test_bucket_that_is_away_holds_up_nothing_and_is_asked_again(
    fhir, results, bucket, monkeypatch
):
    status = kick_off(fhir, query="?_type=QuestionnaireResponse")
    place: Any = storages["exports"]
    save = place._save

    def away(name, content):
        monkeypatch.setattr(place, "_save", save)
        raise ConnectionError

    monkeypatch.setattr(place, "_save", away)
    assert tasks.tick()
    assert fhir.get(status).status_code == 202
    assert tasks.tick(later(minutes=3))
    assert len(fetched(fhir, status)[1]["QuestionnaireResponse"]) == 5

    monkeypatch.setattr(place, "_open", away)
    url = fhir.get(status).json()["output"][0]["url"].removeprefix("http://localhost")
    answer = fhir.get(url)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer.json()["issue"][0]["code"] == "transient"

    remove, asked = store.remove, []

    def unreachable(export_id):
        asked.append(export_id)
        monkeypatch.setattr(store, "remove", remove)
        raise ConnectionError

    monkeypatch.setattr(store, "remove", unreachable)
    assert fhir.delete(status).status_code == 202
    tasks.tick()
    assert (len(asked), len(bucket.names())) == (1, 3)
    assert fhir.get(status).status_code == 404
    tasks.tick(later(minutes=3))
    assert bucket.names() == []


def test_large_piece_goes_in_parts_and_comes_back_whole(bucket, db, settings):
    """A row may be larger than a piece; nothing larger than a part is sent at once."""
    writer = store.Writer(kept := Export().id, 1)
    line = b"x" * 1_000_000
    writer.add("Patient", [line] * 20)
    assert writer.is_full
    writer.store()
    assert writer.written == {"Patient": (20_000_020, 20)}
    (name,) = bucket.names()
    tag = bucket.client.head_object(Bucket="clinic-exports", Key=name)["ETag"]
    assert tag.strip('"').endswith("-3")  # S3's mark of an upload in three parts
    content = store.read(kept, "Patient", 1, size=20_000_020, zipped=False)
    assert b"".join(content) == (line + b"\n") * 20
    store.remove(kept)
    with pytest.raises(FileNotFoundError):
        store.read(kept, "Patient", 1, size=20_000_020, zipped=False)


def test_piece_that_is_gone_breaks_the_answer_off(bucket, settings):
    """What was promised in Content-Length cannot be had: better broken than short."""
    writer = store.Writer(kept := Export().id, 1)
    for _ in range(2):
        writer.add("Patient", [b"{}"])
        writer.store()
    bucket.client.delete_object(Bucket="clinic-exports", Key=bucket.names()[1])
    content = store.read(kept, "Patient", 1, size=6, zipped=False)
    with pytest.raises(FileNotFoundError):
        list(content)
