"""What is broken on purpose: each takes something good and spoils one thing."""

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Spoil = Callable[[Json], object]


@dataclass(frozen=True, slots=True)
class Break:
    """`of` is the file that is spoilt; `why` is what a judge should see."""

    of: str
    why: str
    spoil: Spoil


def without(*path: str | int) -> Spoil:
    """Leave a member out."""

    def spoil(resource: Json) -> None:
        del _at(resource, path[:-1])[path[-1]]

    return spoil


def with_(value: Any, *path: str | int) -> Spoil:
    """Put something else, or something more, in a place."""

    def spoil(resource: Json) -> None:
        _at(resource, path[:-1])[path[-1]] = value

    return spoil


def _at(resource: Any, path: tuple[str | int, ...]) -> Any:
    for one in path:
        resource = resource[one]
    return resource


FORM, RESPONSE = "form.phq-9-2026.1", "phq-9.en.response"
ITEM, TOTAL, PANEL = "phq-9.en.1", "phq-9.en.total", "phq-9.en.panel"
ORIGIN, LOGGED = "phq-9.en.origin-0", "case.audit-0"
NAIVE = "2026-03-04T05:06:07"

BREAKS = (
    Break(TOTAL, "no status", without("status")),
    Break(TOTAL, "no code", without("code")),
    Break(TOTAL, "status that is no code of FHIR", with_("done", "status")),
    Break(TOTAL, "two values", with_("12", "valueString")),
    Break(TOTAL, "time without a zone", with_(NAIVE, "effectiveDateTime")),
    Break(TOTAL, "instant without a zone", with_(NAIVE, "issued")),
    Break(TOTAL, "number as a string", with_("12", "valueQuantity", "value")),
    Break(TOTAL, "null", with_(None, "note")),
    Break(TOTAL, "empty array", with_([], "category")),
    Break(TOTAL, "member that FHIR does not know", with_(12, "score")),
    Break(TOTAL, "one object where a list is due", with_({"text": "x"}, "category")),
    Break(TOTAL, "reference as a string", with_("Patient/1", "subject")),
    Break(TOTAL, "id with a space", with_("a b", "id")),
    Break(ITEM, "list where one is due", with_([{"text": "x"}], "code")),
    Break(ITEM, "answer as a code alone", with_("LA6568-5", "valueCodeableConcept")),
    Break(ITEM, "day that no calendar has", with_("2026-02-30", "effectiveDateTime")),
    Break(PANEL, "members as strings", with_(["Observation/1"], "hasMember")),
    Break(PANEL, "value misspelt", with_({"value": 1}, "valuequantity")),
    Break(RESPONSE, "no status", without("status")),
    Break(RESPONSE, "status that is no code of FHIR", with_("final", "status")),
    Break(RESPONSE, "item without linkId", without("item", 0, "linkId")),
    Break(RESPONSE, "answer that is no list", with_({"valueInteger": 1}, "item", 0, "answer")),
    Break(
        RESPONSE,
        "answer with two values",
        with_(1, "item", 0, "answer", 0, "valueInteger"),
    ),
    Break(RESPONSE, "whole number as a string", with_([{"valueInteger": "1"}], "item", 0, "answer")),
    Break(RESPONSE, "questionnaire as a reference", with_({"reference": "Questionnaire/1"}, "questionnaire")),
    Break(RESPONSE, "authored on no clock", with_("2026-03-04T25:61:00Z", "authored")),
    Break(FORM, "no status", without("status")),
    Break(FORM, "item without type", without("item", 1, "type")),
    Break(FORM, "item without linkId", without("item", 1, "linkId")),
    Break(FORM, "type that is no code of FHIR", with_("likert", "item", 1, "type")),
    Break(FORM, "option without a value", without("item", 1, "answerOption", 0, "valueCoding")),
    Break(FORM, "required as a string", with_("true", "item", 1, "required")),
    Break(FORM, "extension without url", without("item", 1, "extension", 0, "url")),
    Break("case.patient", "gender that is no code of FHIR", with_("x", "gender")),
    Break("case.patient", "date of birth as people write it", with_("14.3.1985", "birthDate")),
    Break("case.task", "no intent", without("intent")),
    Break("case.task", "status that is no code of FHIR", with_("open", "status")),
    Break("case.flag", "no subject", without("subject")),
    Break("case.flag", "no code", without("code")),
    Break("case.communication-completed", "no status", without("status")),
    Break("case.consent", "no scope", without("scope")),
    Break("case.consent", "no category", without("category")),
    Break(ORIGIN, "no target", without("target")),
    Break(ORIGIN, "no agent", without("agent")),
    Break(ORIGIN, "agent without who", without("agent", 0, "who")),
    Break(LOGGED, "no agent", without("agent")),
    Break(LOGGED, "no source", without("source")),
    Break(LOGGED, "agent that does not say who asked", without("agent", 0, "requestor")),
    Break("push", "no type", without("type")),
    Break("push", "entry without method", without("entry", 0, "request", "method")),
    Break("statement", "no fhirVersion", without("fhirVersion")),
    Break("statement", "no kind", without("kind")),
    Break("error.search", "issue without severity", without("issue", 0, "severity")),
    Break("error.search", "code that is no code of FHIR", with_("oops", "issue", 0, "code")),
)  # fmt: skip


def broken(
    good: dict[str, str], breaks: Iterable[Break] = BREAKS
) -> Iterator[tuple[Break, str]]:
    """Every break, and the text of what it made of the good one."""
    for one in breaks:
        whole = json.loads(good[one.of])
        spoilt = copy.deepcopy(whole)
        one.spoil(spoilt)
        assert spoilt != whole, f"{one.of}: {one.why} changes nothing"
        yield one, json.dumps(spoilt)
