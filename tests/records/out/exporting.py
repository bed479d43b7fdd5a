"""A client that asks for exports and takes their files; five results to export."""

import json
from typing import Any

ASYNC = {"HTTP_PREFER": "respond-async"}
BASE = "/fhir/R4"
PHQ9 = [1, 2, 0, 3, 1, 0, 0, 2, 0, 1]


def kick_off(fhir, path="$export", query="", **more):
    response = fhir.get(f"{BASE}/{path}{query}", **{**ASYNC, **more})
    assert response.status_code == 202, response.content
    return response["Content-Location"].removeprefix("http://localhost")


def fetched(fhir, status):
    """The manifest, and by type the resources of its files."""
    response = fhir.get(status)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    manifest = response.json()
    found: dict[str, list[Any]] = {}
    for file in [*manifest["output"], *manifest["error"]]:
        answer = fhir.get(file["url"].removeprefix("http://localhost"))
        assert answer["Content-Type"] == "application/fhir+ndjson"
        lines = b"".join(answer.streaming_content).splitlines()
        assert len(lines) == file["count"]
        found.setdefault(file["type"], []).extend(json.loads(line) for line in lines)
    return manifest, found
