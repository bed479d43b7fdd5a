"""What a client asks of a bulk export, read strictly, and the manifest it gets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from records.fhir import parts

# What the clinic knows. What others asked it for (orders, subscriptions) they know.
TYPES = (
    *("Patient", "QuestionnaireResponse", "Observation", "Provenance"),
    *("Task", "Flag", "Communication", "Consent", "AuditEvent", "Questionnaire"),
)
FORMATS = ("application/fhir+ndjson", "application/ndjson", "ndjson")
_DEFINITIONS = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition"
INSTANTIATES = "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"
# Named alike, told apart by the level that each definition is for.
OPERATIONS = tuple(
    {"name": "export", "definition": f"{_DEFINITIONS}/{level}"}
    for level in ("export", "patient-export", "group-export")
)
# What FHIR's Parameters may carry a value in.
_VALUES = ("valueString", "valueInstant", "valueCode", "valueUri", "valueDateTime")
_PATIENT = re.compile(
    r"(?:.*/)?Patient/(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)


class AskRefused(ValueError):
    """It cannot be exported so; the sentence says why. `place`: which parameter."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to export. No types: all that the client may read. `empty`: types that a
    filter leaves nothing of."""

    types: tuple[str, ...] = ()
    since: datetime | None = None
    patients: tuple[str, ...] = ()
    empty: frozenset[str] = field(default_factory=frozenset)


def given_parameters(body: Any) -> dict[str, list[str]]:
    """A FHIR Parameters resource as names and their values."""
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        raise AskRefused("Send a Parameters resource, or use GET.")
    found: dict[str, list[str]] = {}
    listed = body.get("parameter", [])
    if not isinstance(listed, list):
        raise AskRefused("parameter is a list.", "Parameters.parameter")
    for one in listed:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise AskRefused("Each parameter needs a name.", "Parameters.parameter")
        reference = one.get("valueReference")
        value = reference.get("reference") if isinstance(reference, dict) else None
        value = value or next((one[key] for key in _VALUES if key in one), None)
        if not isinstance(value, str):
            raise AskRefused(f"{one['name']} has no value.", one["name"])
        found.setdefault(one["name"], []).append(value)
    return found


def read_asked(given: Mapping[str, Sequence[str]], *, lenient: bool) -> Asked:
    """Raises AskRefused for what is not supported, unless the client is lenient."""
    known = {"_outputFormat", "_type", "_since", "_typeFilter", "patient", "_format"}
    unknown = sorted(set(given) - known)
    if unknown and not lenient:
        raise AskRefused(f"The parameter {unknown[0]} is not supported.", unknown[0])
    _check_format(given.get("_outputFormat", ()))
    types = _types(given.get("_type", ()), lenient=lenient)
    return Asked(
        types=types,
        since=_since(given.get("_since", ())),
        patients=tuple(_patient(one) for one in given.get("patient", ())),
        empty=_filtered(given.get("_typeFilter", ()), types, lenient=lenient),
    )


def _check_format(values: Sequence[str]) -> None:
    # In a query a plus sign means a space, so clients send it both ways.
    if any(value.replace(" ", "+") not in FORMATS for value in values):
        raise AskRefused(
            f"_outputFormat is one of: {', '.join(FORMATS)}.", "_outputFormat"
        )


def _types(values: Sequence[str], *, lenient: bool) -> tuple[str, ...]:
    wanted = [name for value in values for name in value.split(",") if name]
    unknown = [name for name in wanted if name not in TYPES]
    if unknown and not lenient:
        raise AskRefused(
            f"{unknown[0]} is not exported. These are: {', '.join(TYPES)}.", "_type"
        )
    known = tuple(name for name in TYPES if name in wanted)
    if wanted and not known:
        raise AskRefused("None of these types is exported.", "_type")
    return known


def _since(values: Sequence[str]) -> datetime | None:
    if not values:
        return None
    try:
        # A plus sign of a zone may have come as a space.
        said = datetime.fromisoformat(values[-1].replace(" ", "+"))
        # What is no year in UTC can be stored in PostgreSQL, and never read again.
        at = said.astimezone(UTC) if said.tzinfo else None
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise AskRefused("_since is an instant, as in 2026-03-04T05:06:07Z.", "_since")
    # Our own times leave in milliseconds: what is finer would skip what was cut.
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _patient(reference: str) -> str:
    match = _PATIENT.fullmatch(reference)
    if match is None:
        raise AskRefused("A patient is a reference, as in Patient/[id].", "patient")
    return match["id"]


def _filtered(
    values: Sequence[str], types: Sequence[str], *, lenient: bool
) -> frozenset[str]:
    """Every Observation here is a survey's: a filter by category keeps all, or none."""
    wanted = [one for value in values for one in _apart(value)]
    kept: dict[str, bool] = {}
    for one in wanted:
        kind, _, query = one.partition("?")
        asked = parse_qs(query)
        if kind not in TYPES or (types and kind not in types):
            if lenient:
                continue
            raise AskRefused(f"_typeFilter names {kind[:40]}.", "_typeFilter")
        if kind != "Observation" or set(asked) != {"category"}:
            if lenient:
                kept[kind] = True
                continue
            raise AskRefused(
                "_typeFilter is supported for Observation?category= only.",
                "_typeFilter",
            )
        codes = {c.rpartition("|")[2] for v in asked["category"] for c in v.split(",")}
        kept[kind] = kept.get(kind, False) or "survey" in codes
    return frozenset(kind for kind, any_left in kept.items() if not any_left)


def _apart(value: str) -> list[str]:
    """Several filters in one value are parted by commas before a type's name."""
    return re.split(r",(?=[A-Z][A-Za-z]+\?)", value)


def manifest(
    *,
    at: datetime,
    request: str,
    output: Sequence[tuple[str, str, int]],
    errors: Sequence[tuple[str, str, int]],
) -> parts.Json:
    """Where the files are: type, address and how many lines each has."""
    return {
        "transactionTime": parts.instant(at),
        "request": request,
        "requiresAccessToken": True,
        "output": [_file(*one) for one in output],
        "error": [_file(*one) for one in errors],
    }


def _file(kind: str, url: str, count: int) -> parts.Json:
    return {"type": kind, "url": url, "count": count}
