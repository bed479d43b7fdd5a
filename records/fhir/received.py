"""A QuestionnaireResponse that another program sends: read strictly, or refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from records.fhir import parts

_STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
ABSENT = f"{_STRUCTURES}/data-absent-reason"
WEIGHTS = (f"{_STRUCTURES}/ordinalValue", f"{_STRUCTURES}/itemWeight")
DECLINED = "asked-declined"
PATIENT = re.compile(r"(?:(?P<server>.+)/)?Patient/(?P<id>[A-Za-z0-9.-]{1,64})")
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong: FHIR's word for it, a sentence, and where."""

    code: str
    text: str
    expression: str = ""


class Refused(Exception):
    """A resource that is not taken, with every reason that was found."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(" ".join(issue.text for issue in issues))
        self.issues = issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom it is about: by an id, or by a number of the clinic's.

    `server`: whose id it is said to be, where a whole address says so.
    """

    id: str = ""
    server: str = ""
    system: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What it says at one item. Without number and code, and not declined: nothing."""

    link_id: str
    where: str
    number: Decimal | None = None
    system: str = ""
    code: str = ""
    declined: bool = False

    @property
    def says_something(self) -> bool:
        return self.declined or self.number is not None or bool(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A response as it was sent, with nothing of it judged by any questionnaire."""

    questionnaire: str
    version: str
    language: str
    person: Person
    authored: datetime
    identifier: str
    items: Sequence[Answered] = field(default_factory=tuple)


def outcome(issues: Sequence[Issue]) -> parts.Json:
    """Every reason at once, so that nobody has to try again for the next one."""
    told = [
        parts.present(
            severity="error",
            code=issue.code,
            details={"text": issue.text},
            expression=[issue.expression] if issue.expression else [],
        )
        for issue in issues
    ]
    return {"resourceType": "OperationOutcome", "issue": told}


def check_type(resource: object, wanted: str) -> Mapping[str, Any]:
    """The resource, if it is one of this type."""
    if not isinstance(resource, dict) or resource.get("resourceType") != wanted:
        raise Refused(Issue("structure", f"Send one {wanted}.", "resourceType"))
    return resource


def read_response(resource: object, *, earliest: int) -> Sent:
    """Read all that can be read without the questionnaire. Raises Refused.

    `earliest`: the first year in which a form can have been filled in.
    """
    found = check_type(resource, "QuestionnaireResponse")
    issues = [*_status(found)]
    url, _, version = text(found, "questionnaire", issues).partition("|")
    if url and not version:
        sentence = "questionnaire has to name the version: url|version."
        issues.append(
            Issue("required", sentence, "QuestionnaireResponse.questionnaire")
        )
    person = read_person(found.get("subject"), "subject", issues)
    authored = read_moment(found, "authored", issues, earliest=earliest)
    items = list(_items(found.get("item", []), "item", issues, depth=0))
    issues += _twice(items)
    if issues or authored is None:
        raise Refused(*issues)
    return Sent(
        questionnaire=url,
        version=version,
        language=text(found, "language", issues, needed=False),
        person=person,
        authored=authored,
        identifier=read_identifier(found.get("identifier")),
        items=items,
    )


def _status(found: Mapping[str, Any]) -> Iterator[Issue]:
    status = found.get("status")
    if status == "amended":
        sentence = "A correction is made by the clinic's staff, with a reason."
    elif status == "in-progress":
        sentence = "Send it once it is completed: an unfinished one is not scored."
    elif status != "completed":
        sentence = "status has to be completed."
    else:
        return
    yield Issue("business-rule", sentence, "QuestionnaireResponse.status")


def text(
    found: Mapping[str, Any], name: str, issues: list[Issue], *, needed: bool = True
) -> str:
    """A member that is text; noted as an issue where it is missing or no text."""
    value = found.get(name)
    if isinstance(value, str) and value.strip():
        return value
    if value is not None:
        issues.append(Issue("value", f"{name} has to be text.", name))
    elif needed:
        issues.append(Issue("required", f"{name} is missing.", name))
    return ""


def read_person(value: object, name: str, issues: list[Issue]) -> Person:
    """A reference to a patient: Patient/[id], or an identifier with its system."""
    if isinstance(value, dict):
        match = PATIENT.fullmatch(str(value.get("reference", "")))
        if match:
            return Person(id=match["id"], server=match["server"] or "")
        known = value.get("identifier")
        if isinstance(known, dict) and known.get("value"):
            system, number = known.get("system", ""), known["value"]
            if isinstance(system, str) and isinstance(number, str):
                return Person(system=system, value=number)
    sentence = f"{name} has to name the patient: Patient/[id], or an identifier."
    issues.append(Issue("required", sentence, name))
    return Person()


def read_moment(
    found: Mapping[str, Any], name: str, issues: list[Issue], *, earliest: int
) -> datetime | None:
    """A moment with its zone, as FHIR writes it; returned in UTC."""
    value = text(found, name, issues)
    if not value:
        return None
    moment = _in_utc(value)
    if moment is None:
        sentence = f"{name} has to be a moment with its zone: 2026-03-04T05:06:07Z."
    elif moment.year < earliest:
        sentence = f"{name} cannot be before the year {earliest}."
    else:
        return moment
    issues.append(Issue("value", sentence, name))
    return None


def _in_utc(value: str) -> datetime | None:
    """At the ends of the calendar a zone leads to a year that nothing can store."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.utcoffset() is None or "T" not in value:
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_identifier(value: object) -> str:
    """system|value of the first identifier that has a value, else nothing."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            return f"{one.get('system') or ''}|{one['value']}"
    return ""


def _items(
    value: object, where: str, issues: list[Issue], *, depth: int
) -> Iterator[Answered]:
    """Every item, those in groups too: where it stands in the form is no answer."""
    if not isinstance(value, list) or depth > DEEPEST:
        issues.append(Issue("structure", "item has to be a list of items.", where))
        return
    for number, one in enumerate(value):
        here = f"{where}[{number}]"
        if not isinstance(one, dict) or not isinstance(one.get("linkId"), str):
            issues.append(Issue("required", "An item needs its linkId.", here))
            continue
        yield _item(one, here, issues)
        if "item" in one:
            yield from _items(one["item"], f"{here}.item", issues, depth=depth + 1)


def _item(one: Mapping[str, Any], here: str, issues: list[Issue]) -> Answered:
    link_id, given = one["linkId"], one.get("answer", [])
    if not isinstance(given, list) or len(given) > 1:
        issues.append(Issue("structure", f"{link_id} takes one answer.", here))
        given = []
    if not given:
        return Answered(link_id=link_id, where=here, declined=is_declined(one))
    answer = given[0]
    where = f"{here}.answer[0]"
    if not isinstance(answer, dict) or "item" in answer:
        sentence = f"The answer to {link_id} cannot be read."
        issues.append(Issue("structure", sentence, where))
        return Answered(link_id=link_id, where=here)
    return read_answer(link_id, answer, where, issues)


def read_answer(
    link_id: str, answer: Mapping[str, Any], where: str, issues: list[Issue]
) -> Answered:
    """A code, a number, or a code with the number that it weighs: zero is an answer.

    What cannot be read is added to `issues`, and says nothing.
    """
    coded = answer.get("valueCoding")
    plain = [answer[n] for n in ("valueInteger", "valueDecimal") if n in answer]
    if isinstance(answer.get("valueQuantity"), dict):
        plain.append(answer["valueQuantity"].get("value"))
    if isinstance(coded, dict) and not plain:
        code, system = coded.get("code"), coded.get("system")
        weights = [
            one.get("valueDecimal")
            for one in _extensions(coded)
            if one.get("url") in WEIGHTS
        ]
        return Answered(
            link_id=link_id,
            where=where,
            system=system if isinstance(system, str) else "",
            code=code if isinstance(code, str) else "",
            number=_number(weights[0]) if weights else None,
        )
    number = _number(plain[0]) if len(plain) == 1 and coded is None else None
    if number is None:
        sentence = f"{link_id} takes one valueCoding, valueInteger or valueDecimal."
        issues.append(Issue("value", sentence, where))
    return Answered(link_id=link_id, where=where, number=number)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def _extensions(of: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = of.get("extension", [])
    several = found if isinstance(found, list) else []
    return [one for one in several if isinstance(one, dict)]


def is_declined(one: Mapping[str, Any]) -> bool:
    return any(
        found.get("url") == ABSENT and found.get("valueCode") == DECLINED
        for found in _extensions(one)
    )


def _twice(items: Sequence[Answered]) -> Iterator[Issue]:
    seen: set[str] = set()
    for item in items:
        if item.link_id in seen:
            sentence = f"{item.link_id} is there twice."
            yield Issue("duplicate", sentence, item.where)
        seen.add(item.link_id)
