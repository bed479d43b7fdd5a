"""A questionnaire as a form that others can show, fill in and total by themselves."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from records.fhir import parts
from records.fhir.response import ORDINAL, translated
from records.fhir.values import Coding, Concept

_STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
WEIGHT = f"{_STRUCTURES}/itemWeight"
UNIT = f"{_STRUCTURES}/questionnaire-unit"
CALCULATED = f"{_SDC}-calculatedExpression"
SHOWN_WHEN = f"{_SDC}-enableWhenExpression"
EXTRACT = f"{_SDC}-observationExtract"
EXTRACT_AS = f"{_SDC}-observation-extract-category"
SURVEY = {"coding": [{"system": parts.CATEGORY, "code": "survey", "display": "Survey"}]}
INSTRUCTION = "instruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Official words, and the official words of other languages beside them."""

    text: str
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An answer that may be picked; only scored ones have a weight."""

    coding: Coding
    words: Words
    weight: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Asked only if one of these answers weighs enough, or was refused."""

    link_ids: tuple[str, ...]
    at_least: tuple[str, ...]
    or_declined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One item. `extract`: others may make an Observation of its answer."""

    link_id: str
    coding: Coding
    words: Words
    options: tuple[Offered, ...]
    required: bool
    condition: Condition | None = None
    extract: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum that a form works out by itself, once all of its answers are there."""

    link_id: str
    concept: Concept
    unit: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version of one questionnaire, with every language that it is official in."""

    id: str
    url: str
    version: str
    status: str
    language: str
    short_name: str
    title: Words
    instruction: Words
    panel: Coding
    copyright: str
    description: str
    questions: tuple[Question, ...]
    totals: tuple[Total, ...]
    changed_at: datetime | None = None


def questionnaire(form: Form) -> parts.Json:
    """The whole form; its version is pinned by `url|version` in every response."""
    changed = parts.instant(form.changed_at) if form.changed_at else None
    return parts.versioned(
        parts.present(
            resourceType="Questionnaire",
            id=form.id,
            meta=parts.present(lastUpdated=changed),
            language=form.language,
            url=form.url,
            identifier=[{"system": parts.URI, "value": f"{form.url}|{form.version}"}],
            version=form.version,
            name=_name(form.short_name),
            title=form.title.text,
            _title=_also(form.title),
            status=form.status,
            subjectType=["Patient"],
            description=form.description,
            copyright=form.copyright,
            code=[parts.coding(form.panel)],
            item=[
                _instruction(form.instruction),
                *(_question(one) for one in form.questions),
                *(_total(one) for one in form.totals),
            ],
        )
    )


def _name(short: str) -> str:
    """A name for programs: a letter, then letters and digits."""
    return re.sub(r"[^A-Za-z0-9]", "", short)


def _also(words: Words) -> parts.Json | None:
    said = [ext for lang, text in words.also for ext in translated(text, lang)]
    return {"extension": said} if said else None


def _instruction(words: Words) -> parts.Json:
    return parts.present(
        linkId=INSTRUCTION, text=words.text, _text=_also(words), type="display"
    )


def _question(one: Question) -> parts.Json:
    extension = [*_extracted(wanted=one.extract), *_shown_when(one.condition)]
    return parts.present(
        extension=extension,
        linkId=one.link_id,
        code=[parts.coding(one.coding)],
        text=one.words.text,
        _text=_also(one.words),
        type="choice",
        required=one.required,
        answerOption=[_option(option) for option in one.options],
    )


def _extracted(*, wanted: bool = True) -> list[parts.Json]:
    if not wanted:
        return []
    return [
        {"url": EXTRACT, "valueBoolean": True},
        {"url": EXTRACT_AS, "valueCodeableConcept": SURVEY},
    ]


def _shown_when(condition: Condition | None) -> list[parts.Json]:
    """Over the codes of the answers: what decides may carry no weight."""
    if condition is None:
        return []
    answers = _answers(condition.link_ids)
    said = f"{answers}.value.where(code in ({_listed(condition.at_least)})).exists()"
    if condition.or_declined:
        # A form elsewhere knows no refusal but an item that was passed over.
        said = f"{said} or {answers}.count() < {len(condition.link_ids)}"
    return [_expression(SHOWN_WHEN, said)]


def _answers(link_ids: Iterable[str]) -> str:
    return f"%resource.item.where(linkId in ({_listed(link_ids)})).answer"


def _listed(values: Iterable[str]) -> str:
    return " | ".join(f"'{value}'" for value in values)


def _expression(url: str, said: str) -> parts.Json:
    expression = {"language": "text/fhirpath", "expression": said}
    return {"url": url, "valueExpression": expression}


def _option(option: Offered) -> parts.Json:
    """The weight stands on the option and on its code: renderers look at either."""
    ordinal, weight = [], []
    if option.weight is not None:
        ordinal = [{"url": ORDINAL, "valueDecimal": option.weight}]
        weight = [{"url": WEIGHT, "valueDecimal": option.weight}]
    picked = parts.present(
        extension=ordinal,
        system=option.coding.system,
        code=option.coding.code,
        display=option.words.text,
        _display=_also(option.words),
    )
    return parts.present(extension=weight + ordinal, valueCoding=picked)


def _total(total: Total) -> parts.Json:
    answers = _answers(total.of)
    # Nothing is summed until all is there: a part of the answers is no score.
    said = (
        f"iif({answers}.count() = {len(total.of)}, "
        f"{answers}.value.weight().sum(), {{}})"
    )
    unit = {"system": parts.UCUM, "code": total.unit, "display": total.unit}
    return {
        "extension": [
            _expression(CALCULATED, said),
            {"url": UNIT, "valueCoding": unit},
            *_extracted(),
        ],
        "linkId": total.link_id,
        "code": [parts.coding(total.concept.coding)],
        "text": total.concept.text,
        "type": "decimal",
        "required": False,
        "readOnly": True,
    }
