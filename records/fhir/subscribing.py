"""A Subscription that a client sends: read strictly, or refused with every reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, datetime
from typing import Any

from records.fhir import subscription as written
from records.fhir.received import Issue, Refused, check_type, read_moment, text
from records.fhir.summary import SUBSETTED

# What is read. What the server says itself may stand in what is sent, and is left.
MEMBERS = frozenset(
    {
        *("resourceType", "id", "meta", "text", "language", "status", "end"),
        *("reason", "criteria", "_criteria", "error", "channel"),
    }
)
CHANNEL = frozenset(
    {"extension", "type", "endpoint", "payload", "_payload", "header", "id"}
)
FIGURES = {
    written.HEARTBEAT: ("heartbeat", "valueUnsignedInt"),
    written.TIMEOUT: ("timeout", "valueUnsignedInt"),
    written.MAX_COUNT: ("max_count", "valuePositiveInt"),
}
LONGEST_REASON, LONGEST_HEADER, LARGEST = 500, 2000, 2_000_000_000
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\t]*)")
# Those that make the request what it is, or that say whose it is.
OURS = frozenset(
    {
        *("host", "content-length", "content-type", "content-encoding", "te"),
        *("transfer-encoding", "connection", "upgrade", "trailer", "expect"),
        *("proxy-authorization", "proxy-connection", "keep-alive", "user-agent"),
    }
)
_PLACE = "Subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What there is to be told of: by canonical address, the id and the resource of a
    topic; `versions`: of the same; and the figures."""

    topics: Mapping[str, tuple[str, str]]
    versions: Mapping[str, str]
    heartbeat_least: int
    headers_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a client wants to be told, and where. `status`: what it says of itself.

    `patient`: the whole reference of the filter; nobody's where it is empty.
    """

    status: str
    topic: str
    resource: str
    reason: str
    endpoint: str
    content: str
    headers: Sequence[str] = field(default=(), repr=False)
    patient: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)
    ends_at: datetime | None = None


def read_subscription(
    resource: object, limits: Limits, *, at: datetime, known: Sequence[str] = ()
) -> Wanted:
    """Read what was sent. Raises Refused.

    `known`: the headers that are kept, for those that come back hidden.
    """
    found = check_type(resource, _PLACE)
    issues: list[Issue] = []
    _only(found, MEMBERS, _PLACE, issues)
    _whole(found, issues)
    channel = found.get("channel")
    if not isinstance(channel, dict):
        issues.append(Issue("required", "channel is missing.", f"{_PLACE}.channel"))
        channel = {}
    _only(channel, CHANNEL, f"{_PLACE}.channel", issues)
    topic, kind = _topic(found, limits, issues)
    wanted = Wanted(
        status=_status(found, issues),
        topic=topic,
        resource=kind,
        reason=_reason(found, issues),
        endpoint=_endpoint(channel, issues),
        content=_content(channel, issues),
        headers=_headers(channel, known, limits, issues),
        patient=_patient(found, kind, issues),
        figures=_figures(channel, limits, issues),
        ends_at=_ends_at(found, issues, at=at),
    )
    if issues:
        raise Refused(*issues)
    return wanted


def _only(
    found: Mapping[str, Any], known: frozenset[str], place: str, issues: list[Issue]
) -> None:
    """What would be lost without a word is refused."""
    for name in sorted(set(found) - known):
        sentence = f"{name} is not kept here: leave it out."
        issues.append(Issue("not-supported", sentence, f"{place}.{name}"))


def _whole(found: Mapping[str, Any], issues: list[Issue]) -> None:
    """A part that was read is none to be put back: what it lacks would be taken away."""
    meta = found.get("meta")
    tags = meta.get("tag") if isinstance(meta, dict) else None
    if isinstance(tags, list) and SUBSETTED in tags:
        sentence = "This is a part of it (SUBSETTED): read the whole, and change that."
        issues.append(Issue("business-rule", sentence, f"{_PLACE}.meta.tag"))


def _status(found: Mapping[str, Any], issues: list[Issue]) -> str:
    status = found.get("status")
    if status not in ("requested", "active", "error", "off"):
        sentence = "status has to be requested; off ends what was active."
        issues.append(Issue("value", sentence, f"{_PLACE}.status"))
    return str(status)


def _reason(found: Mapping[str, Any], issues: list[Issue]) -> str:
    said = text(found, "reason", issues)
    if len(said) > LONGEST_REASON:
        sentence = f"reason is longer than {LONGEST_REASON} characters."
        issues.append(Issue("too-long", sentence, f"{_PLACE}.reason"))
    # Half of a pair, which JSON can spell and nothing can store.
    if any("\ud800" <= one <= "\udfff" for one in said):
        sentence = "reason holds what is no character."
        issues.append(Issue("value", sentence, f"{_PLACE}.reason"))
    return said


def _topic(
    found: Mapping[str, Any], limits: Limits, issues: list[Issue]
) -> tuple[str, str]:
    """The id of the topic and its resource."""
    url, _, version = text(found, "criteria", issues).partition("|")
    known = limits.topics.get(url)
    if known and version in ("", limits.versions[url]):
        return known
    if url:
        there = ", ".join(limits.topics)
        sentence = f"criteria has to be the address of a topic: one of {there}."
        issues.append(Issue("not-supported", sentence, f"{_PLACE}.criteria"))
    return "", ""


def _patient(found: Mapping[str, Any], kind: str, issues: list[Issue]) -> str:
    """Whose record the filter names: only one of a patient is known."""
    said = _extensions(found.get("_criteria"), f"{_PLACE}._criteria", issues)
    filters = [one for one in said if one.get("url") == written.FILTER]
    _unknown(said, {written.FILTER}, f"{_PLACE}._criteria", issues)
    if not filters:
        return ""
    value = filters[0].get("valueString")
    match = re.fullmatch(
        rf"{kind}\?(?:patient|subject)=(\S+)", value if isinstance(value, str) else ""
    )
    if match is None or not kind or len(filters) > 1:
        sentence = f"A filter has to be {kind or '[type]'}?patient=Patient/[id], once."
        issues.append(Issue("not-supported", sentence, f"{_PLACE}._criteria"))
        return ""
    return match[1]


def _endpoint(channel: Mapping[str, Any], issues: list[Issue]) -> str:
    if channel.get("type") != written.REST_HOOK:
        sentence = "channel.type has to be rest-hook."
        issues.append(Issue("not-supported", sentence, f"{_PLACE}.channel.type"))
    return text(channel, "endpoint", issues)


def _content(channel: Mapping[str, Any], issues: list[Issue]) -> str:
    place = f"{_PLACE}.channel.payload"
    if channel.get("payload") != written.FHIR_JSON:
        sentence = f"channel.payload has to be {written.FHIR_JSON}."
        issues.append(Issue("not-supported", sentence, place))
    said = _extensions(channel.get("_payload"), place, issues)
    _unknown(said, {written.CONTENT}, place, issues)
    contents = [
        one.get("valueCode") for one in said if one.get("url") == written.CONTENT
    ]
    if contents in ([written.ID_ONLY], [written.EMPTY]):
        return str(contents[0])
    sentence = (
        "No health information is sent: ask for id-only (or empty), and read what you "
        "may by its id."
        if contents == ["full-resource"]
        else f"channel.payload needs the extension {written.CONTENT}: id-only or empty."
    )
    issues.append(Issue("not-supported", sentence, place))
    return ""


def _extensions(value: object, place: str, issues: list[Issue]) -> list[dict[str, Any]]:
    """Those of a value, or of a part; noted where they are none."""
    if value is None:
        return []
    found = value.get("extension", []) if isinstance(value, dict) else None
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    issues.append(Issue("structure", "extension has to be a list of them.", place))
    return []


def _unknown(
    said: Sequence[Mapping[str, Any]], known: set[str], place: str, issues: list[Issue]
) -> None:
    for one in said:
        if str(one.get("url")) not in known:
            sentence = "An extension is not known here: leave it out."
            issues.append(Issue("not-supported", sentence, place))


def _figures(
    channel: Mapping[str, Any], limits: Limits, issues: list[Issue]
) -> dict[str, int]:
    place = f"{_PLACE}.channel"
    said = _extensions({"extension": channel.get("extension", [])}, place, issues)
    _unknown(said, set(FIGURES), place, issues)
    found: dict[str, int] = {}
    for one in said:
        name, member = FIGURES.get(str(one.get("url")), ("", ""))
        if not name:
            continue
        value, least = one.get(member), 1
        if name == "heartbeat":
            least = limits.heartbeat_least
        if type(value) is not int or not least <= value <= LARGEST or name in found:
            sentence = f"{one['url']} takes one {member}, {least} or more."
            issues.append(Issue("value", sentence, place))
            continue
        found[name] = value
    return found


def _headers(
    channel: Mapping[str, Any],
    known: Sequence[str],
    limits: Limits,
    issues: list[Issue],
) -> list[str]:
    place = f"{_PLACE}.channel.header"
    given = channel.get("header", [])
    if not isinstance(given, list) or len(given) > limits.headers_most:
        sentence = f"header is a list of {limits.headers_most} headers at most."
        issues.append(Issue("structure", sentence, place))
        return []
    kept = {written.hidden(one): one for one in known}
    found: dict[str, str] = {}
    for one in given:
        # The one that is kept; a hidden one of which nothing is known is no header.
        whole = kept.get(one, one) if isinstance(one, str) else ""
        match = _HEADER.fullmatch(whole)
        if match is None or len(whole) > LONGEST_HEADER or match[2] == written.HIDDEN:
            sentence = "A header is one line: Name: what it says."
            issues.append(Issue("value", sentence, place))
        elif match[1].lower() in OURS:
            sentence = f"The header {match[1]} is set by this server."
            issues.append(Issue("not-supported", sentence, place))
        elif match[1].lower() in found:
            sentence = f"The header {match[1]} is there twice."
            issues.append(Issue("value", sentence, place))
        else:
            found[match[1].lower()] = f"{match[1]}: {match[2].strip()}"
    return list(found.values())


def _ends_at(
    found: Mapping[str, Any], issues: list[Issue], *, at: datetime
) -> datetime | None:
    if "end" not in found:
        return None
    moment = read_moment(found, "end", issues, earliest=1)
    if moment is not None and moment <= at:
        issues.append(Issue("value", "end lies in the past.", f"{_PLACE}.end"))
    # The last year there is ends on another day elsewhere, which no calendar has.
    if moment is not None and moment.year == MAXYEAR:
        issues.append(Issue("value", "end lies too far ahead.", f"{_PLACE}.end"))
    return moment
