"""A Questionnaire that another system sends: can it be scored, and is it new here?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from records.fhir import parts
from records.fhir.received import WEIGHTS, Issue, Refused, check_type, text

SHOWN = ("display", "group")
SUMS = ("decimal", "integer", "quantity")
DEEPEST = 5
# No option of a questionnaire weighs as much; beyond it, it is a slip.
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a review begins with."""

    url: str
    version: str
    title: str
    questions: int


def read_questionnaire(resource: object) -> Drafted:
    """Every answer needs a value to be scored by, each item its own linkId."""
    found = check_type(resource, "Questionnaire")
    issues: list[Issue] = []
    url = text(found, "url", issues)
    if url and ("://" not in url or "|" in url):
        issues.append(Issue("value", "url has to be an absolute address.", "url"))
    version = text(found, "version", issues)
    title = text(found, "title", issues)
    for name, value, most in (
        ("url", url, 500),
        ("version", version, 100),
        ("title", title, 300),
    ):
        if len(value) > most:
            sentence = f"{name} may have at most {most} characters."
            issues.append(Issue("too-long", sentence, name))
    items = list(_items(found.get("item"), "Questionnaire.item", issues, depth=0))
    issues += _twice(items)
    questions = [item for item in items if item[0].get("type") == "choice"]
    if not questions:
        sentence = "There is no question of type choice here."
        issues.append(Issue("required", sentence, "Questionnaire.item"))
    if issues:
        raise Refused(*issues)
    return Drafted(url=url, version=version, title=title, questions=len(questions))


def as_draft(content: Mapping[str, Any], draft_id: str, at: datetime) -> parts.Json:
    """What was sent, under our id and of our time, and marked as what it is here."""
    sent = content.get("meta")
    meta = dict(sent) if isinstance(sent, dict) else {}
    meta.pop("versionId", None)
    meta["lastUpdated"] = parts.instant(at)
    return parts.versioned({**content, "id": draft_id, "status": "draft", "meta": meta})


def _items(
    value: object, where: str, issues: list[Issue], *, depth: int
) -> Iterator[tuple[Mapping[str, Any], str]]:
    if not isinstance(value, list) or depth > DEEPEST:
        issues.append(Issue("structure", "item has to be a list of items.", where))
        return
    for number, one in enumerate(value):
        here = f"{where}[{number}]"
        if not isinstance(one, dict) or not isinstance(one.get("linkId"), str):
            issues.append(Issue("required", "An item needs its linkId.", here))
            continue
        issues += _faults(one, here)
        yield one, here
        if "item" in one:
            yield from _items(one["item"], f"{here}.item", issues, depth=depth + 1)


def _faults(item: Mapping[str, Any], where: str) -> Iterator[Issue]:
    kind, name = item.get("type"), item["linkId"]
    if kind in SHOWN or (kind in SUMS and item.get("readOnly") is True):
        return
    if kind != "choice":
        sentence = f"{name} is of type {kind}: only choices can be scored here."
        yield Issue("not-supported", sentence, f"{where}.type")
        return
    if not isinstance(item.get("text"), str) or not item["text"].strip():
        yield Issue("required", f"{name} has no text.", f"{where}.text")
    options = item.get("answerOption")
    if not isinstance(options, list) or len(options) < 2:
        sentence = f"{name} needs two answers or more, as answerOption."
        yield Issue("required", sentence, f"{where}.answerOption")
        return
    weights = [_weight(one) for one in options]
    if None in weights:
        sentence = (
            f"Every answer to {name} needs its value: ordinalValue or itemWeight, "
            "a whole number. Zero is a value."
        )
        yield Issue("required", sentence, f"{where}.answerOption")
    elif len(set(weights)) < len(weights):
        sentence = f"Two answers to {name} have the same value."
        yield Issue("business-rule", sentence, f"{where}.answerOption")


def _weight(option: object) -> int | None:
    """On the option, on its coding, or the whole number that the option is."""
    if not isinstance(option, dict):
        return None
    coding = option.get("valueCoding")
    for holder in (option, coding if isinstance(coding, dict) else {}):
        for one in holder.get("extension", []):
            if isinstance(one, dict) and one.get("url") in WEIGHTS:
                return _whole(one.get("valueDecimal"))
    return _whole(option.get("valueInteger"))


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    # Bounded first: the remainder of a huge one cannot be worked out.
    if not number.is_finite() or abs(number) > LARGEST or number % 1:
        return None
    return int(number)


def _twice(items: list[tuple[Mapping[str, Any], str]]) -> Iterator[Issue]:
    seen: set[str] = set()
    for item, where in items:
        if item["linkId"] in seen:
            yield Issue("duplicate", f"{item['linkId']} is there twice.", where)
        seen.add(item["linkId"])
