"""The answer to a search, and the history of one resource."""

from collections.abc import Sequence

from records.fhir import parts


def searchset(
    resources: Sequence[parts.Json],
    *,
    base_url: str,
    self_url: str,
    next_url: str | None = None,
    included: Sequence[parts.Json] = (),
    total: int | None = None,
) -> parts.Json:
    """One page. `total` is said where it is known: what matched, not what came along."""
    links = [{"relation": "self", "url": self_url}]
    if next_url:
        links.append({"relation": "next", "url": next_url})
    return parts.present(
        resourceType="Bundle",
        type="searchset",
        total=total,
        link=links,
        entry=[
            *(_entry(one, base_url, "match") for one in resources),
            *(_entry(one, base_url, "include") for one in included),
        ],
    )


def history(
    versions: Sequence[parts.Json], *, base_url: str, self_url: str
) -> parts.Json:
    """Every version of one resource, the newest first."""
    return parts.present(
        resourceType="Bundle",
        type="history",
        total=len(versions),
        link=[{"relation": "self", "url": self_url}],
        entry=[_version(one, base_url) for one in versions],
    )


def _version(resource: parts.Json, base_url: str) -> parts.Json:
    """How it came to be: first put in, then replaced under the same id."""
    meta, address = resource["meta"], f"{resource['resourceType']}/{resource['id']}"
    first = meta["versionId"] in ("1", "i1")
    status = "201 Created" if first else "200 OK"
    return {
        "fullUrl": f"{base_url}/{address}",
        "resource": resource,
        "request": {"method": "PUT", "url": address},
        "response": {
            "status": status,
            "etag": f'W/"{meta["versionId"]}"',
            "lastModified": meta["lastUpdated"],
        },
    }


def _entry(resource: parts.Json, base_url: str, mode: str) -> parts.Json:
    return {
        "fullUrl": f"{base_url}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
        "search": {"mode": mode},
    }
