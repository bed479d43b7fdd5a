"""A bucket on this machine, served by moto: a fake of what is outside.

It speaks S3 over HTTP, so the product's own client talks to it as to any other. Whoever
names a real one (S3_BUCKET, …) has tests/live ask that one the same.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import WSGIRequestHandler, make_server

HOST, NAME, REGION = "127.0.0.1", "clinic-exports", "us-east-1"
KEYS = {"access_key": "fake-key", "secret_key": "fake-secret"}


class Quiet(WSGIRequestHandler):
    """Says nothing of each request, and counts what is asked."""

    def log(self, *_: Any) -> None:
        """Nothing."""


class Bucket:
    """Where it answers, and what is in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = boto3.client(
            "s3",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id=KEYS["access_key"],
            aws_secret_access_key=KEYS["secret_key"],
        )
        self.client.create_bucket(Bucket=NAME)
        # What an earlier test left: the fake keeps it as long as the process lives.
        for name in self.names():
            self.client.delete_object(Bucket=NAME, Key=name)

    @property
    def storage(self) -> dict[str, Any]:
        """The settings of a storage in it."""
        options = {"bucket_name": NAME, "endpoint_url": self.url, "region_name": REGION}
        return {
            "BACKEND": "records.client.bucket.BucketStorage",
            "OPTIONS": {**options, **KEYS, "location": "north"},
        }

    def names(self) -> list[str]:
        """The name of every object."""
        listed = self.client.list_objects_v2(Bucket=NAME)
        return [one["Key"] for one in listed.get("Contents", [])]

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()


@contextmanager
def served() -> Iterator[Bucket]:
    """A bucket for as long as it is used."""
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server(HOST, 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    bucket = Bucket(f"http://{HOST}:{server.server_port}")
    try:
        yield bucket
    finally:
        bucket.close()
        server.shutdown()
        thread.join()
        server.server_close()
