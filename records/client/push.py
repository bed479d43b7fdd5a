"""Sends a result to a FHIR server: in one transaction, or one resource after another.

Whatever breaks off half-way, sending it again ends with exactly one of everything:
each resource is looked for there by an identifier of ours before it is made.
"""

import re
from collections.abc import Sequence
from typing import Any

from records.client.wire import Answer, NotReached, Target, ask, not_reached, said_no
from records.fhir.capable import Can, Capable, read_capability
from records.fhir.transaction import Part, logical, referring, transaction
from records.workflow import Outcome, Verdict, verdict_of

_ID = re.compile(r"(?:^|/)(?P<kind>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/|$)")
MINIMAL = {"Prefer": "return=minimal"}


class _Ended(Exception):
    """Sending one by one ends here, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.sentence)
        self.outcome = outcome


def push(target: Target, found: Sequence[Part]) -> Outcome:
    """Send one result, after reading what the server says it can do."""
    try:
        answer = ask(target, "GET", "metadata")
        capable = read_capability(answer.body) if answer.status == 200 else None
        if capable is None:
            return _no_server(answer)
        if capable.takes_whole({part.kind for part in found}):
            return _whole(target, found)
        return _one_by_one(target, found, capable)
    except NotReached as error:
        return not_reached(error)


def _no_server(answer: Answer) -> Outcome:
    """Nothing is wrong with the result, so it waits until somebody has looked."""
    if answer.status == 200:
        return Outcome(
            verdict=Verdict.PASSING,
            sentence="There is no FHIR R4 server at this address.",
            status=answer.status,
            here=True,
        )
    verdict = verdict_of(answer.status)
    if verdict is Verdict.REFUSED:
        verdict = Verdict.PASSING
    made = said_no(answer, verdict, "metadata")
    return Outcome(
        verdict=verdict, sentence=made.sentence, status=answer.status, here=True
    )


def _whole(target: Target, found: Sequence[Part]) -> Outcome:
    answer = ask(target, "POST", "", body=transaction(found), headers=MINIMAL)
    verdict = verdict_of(answer.status)
    if verdict is not Verdict.TAKEN:
        return said_no(answer, verdict)
    entries = _entries(answer.body)
    said = [_said(part, entry) for part, entry in zip(found, entries, strict=False)]
    if len(entries) != len(found) or not all(one["status"][:1] == "2" for one in said):
        # A proxy's page, say: nothing tells that the result was taken.
        return Outcome(
            verdict=Verdict.PASSING,
            sentence="The receiver's answer does not say that it took the result.",
            status=answer.status,
        )
    return Outcome(verdict=Verdict.TAKEN, status=answer.status, receipt=said)


def _entries(body: Any) -> list[Any]:
    if not isinstance(body, dict) or body.get("type") != "transaction-response":
        return []
    entries = body.get("entry")
    return entries if isinstance(entries, list) else []


def _said(part: Part, entry: Any) -> dict[str, Any]:
    response = entry.get("response", {}) if isinstance(entry, dict) else {}
    status = str(response.get("status", ""))[:3]
    location = str(response.get("location", ""))[:200]
    return {"type": part.kind, "status": status, "location": location}


def _one_by_one(target: Target, found: Sequence[Part], capable: Capable) -> Outcome:
    names: dict[str, dict[str, Any]] = {}
    receipt: list[dict[str, Any]] = []
    try:
        for part in found:
            can = capable.types.get(part.kind, Can())
            if part.kind != "Patient" and not (can.create or can.update_create):
                names[part.name] = logical(part)
                receipt.append({"type": part.kind, "status": "left out"})
                continue
            status, there = _send_one(target, part, can, names)
            names[part.name] = {"reference": there}
            receipt.append({"type": part.kind, "status": status, "location": there})
    except _Ended as ended:
        return ended.outcome
    if not any(one["status"] != "left out" for one in receipt[1:]):
        return _refusal("The receiver takes no results: no type that we send.")
    return Outcome(verdict=Verdict.TAKEN, status=200, receipt=receipt)


def _send_one(
    target: Target, part: Part, can: Can, names: dict[str, dict[str, Any]]
) -> tuple[str, str]:
    """Return status and reference of one resource, found there or made."""
    resource = referring(part.resource, names)
    if can.by_identifier:
        there = _find(target, part)
        if part.kind == "Patient":
            return ("200", there) if there else _make(target, part, can, resource)
        if there is None:
            return _make(target, part, can, resource)
        return _put(target, part, there, resource)
    if can.update_create:
        return _put(target, part, part.name, resource)
    raise _Ended(
        _refusal(
            f"The receiver cannot look up a {part.kind} by its identifier, so it might "
            "keep the same result twice."
        )
    )


def _find(target: Target, part: Part) -> str | None:
    """By a POST: a record number has no place in an address, which servers log."""
    answer = ask(
        target,
        "POST",
        f"{part.kind}/_search",
        body=part.search.encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    _check(answer, part)
    ids = _ids(answer.body, part.kind)
    if ids is None:
        raise _Ended(
            Outcome(
                verdict=Verdict.PASSING,
                sentence="The receiver did not answer a search with what it found.",
                status=answer.status,
            )
        )
    if len(ids) > 1:
        raise _Ended(said_no(Answer(412), Verdict.PASSING, part.kind))
    return f"{part.kind}/{ids[0]}" if ids else None


def _ids(body: Any, kind: str) -> list[str] | None:
    """The ids that a search found; None if it is no answer to a search."""
    if not isinstance(body, dict) or body.get("resourceType") != "Bundle":
        return None
    found = []
    entries = body.get("entry") or []
    for entry in entries if isinstance(entries, list) else [None]:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            return None
        # A server may add an OperationOutcome of its own.
        if resource.get("resourceType") == kind:
            found.append(str(resource.get("id", "")))
    return found


def _make(
    target: Target, part: Part, can: Can, resource: dict[str, Any]
) -> tuple[str, str]:
    if not can.create:
        raise _Ended(_refusal(f"The receiver makes no new {part.kind}."))
    headers = {"If-None-Exist": part.search, "Prefer": "return=representation"}
    answer = ask(target, "POST", part.kind, body=resource, headers=headers)
    _check(answer, part)
    there = _where(answer, part)
    if there is None:
        # Made, but where? The next try finds it.
        raise _Ended(
            Outcome(
                verdict=Verdict.PASSING,
                sentence=f"The receiver did not say where it put the {part.kind}.",
                status=answer.status,
            )
        )
    return str(answer.status), there


def _put(
    target: Target, part: Part, there: str, resource: dict[str, Any]
) -> tuple[str, str]:
    body = {**resource, "id": there.partition("/")[2]}
    answer = ask(target, "PUT", there, body=body, headers=MINIMAL)
    _check(answer, part)
    return str(answer.status), there


def _where(answer: Answer, part: Part) -> str | None:
    for match in _ID.finditer(answer.location):
        if match["kind"] == part.kind:
            return f"{part.kind}/{match['id']}"
    body = answer.body if isinstance(answer.body, dict) else {}
    if body.get("resourceType") == part.kind and body.get("id"):
        return f"{part.kind}/{body['id']}"
    return None


def _check(answer: Answer, part: Part) -> None:
    verdict = verdict_of(answer.status)
    if verdict is not Verdict.TAKEN:
        raise _Ended(said_no(answer, verdict, part.kind))


def _refusal(sentence: str) -> Outcome:
    return Outcome(verdict=Verdict.REFUSED, sentence=sentence)
