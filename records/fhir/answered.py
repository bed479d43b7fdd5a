"""A QuestionnaireResponse that another program sends: read strictly, or refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from records.fhir.received import (
    WEIGHTS,
    Issue,
    Person,
    Refused,
    check_type,
    read_identifier,
    read_moment,
    read_person,
    text,
)

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
DECLINED = "asked-declined"
DEEPEST = 5


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
