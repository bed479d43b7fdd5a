"""The answer to a search."""

from collections.abc import Sequence

from records.fhir import parts


def searchset(
    resources: Sequence[parts.Json], *, base_url: str, self_url: str
) -> parts.Json:
    """All that matched, on one page; `total` counts what the page holds."""
    return parts.present(
        resourceType="Bundle",
        type="searchset",
        total=len(resources),
        link=[{"relation": "self", "url": self_url}],
        entry=[_entry(resource, base_url) for resource in resources],
    )


def _entry(resource: parts.Json, base_url: str) -> parts.Json:
    return {
        "fullUrl": f"{base_url}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
        "search": {"mode": "match"},
    }
