"""One administration as a QuestionnaireResponse, finished or not."""

from collections.abc import Iterator
from decimal import Decimal

from records.fhir import parts
from records.fhir.values import Administration, Choice, Item

_STRUCTURES = "http://hl7.org/fhir/StructureDefinition"
ORDINAL = f"{_STRUCTURES}/ordinalValue"
ABSENT = f"{_STRUCTURES}/data-absent-reason"
TRANSLATION = f"{_STRUCTURES}/translation"


def questionnaire_response(administration: Administration) -> parts.Json:
    patient = parts.subject(administration.subject)
    by_patient = patient if administration.self_reported else None
    amended = administration.amended_at
    return parts.present(
        resourceType="QuestionnaireResponse",
        id=str(administration.id),
        meta=parts.meta(administration, administration),
        language=administration.language,
        identifier=parts.urn_uuid(administration.id),
        questionnaire=f"{administration.questionnaire}|{administration.version}",
        status=_status(administration),
        subject=patient,
        # FHIR's own reading: when this set of answers was last changed.
        authored=parts.instant(amended or administration.answered),
        # When staff or an import wrote answers down, we do not know an author.
        author=None if amended else by_patient,
        source=by_patient,
        item=[
            *(_item(item, administration.language) for item in administration.items),
            *_sums(administration),
        ],
    )


def _status(administration: Administration) -> str:
    if administration.retracted:
        return parts.IN_ERROR
    return administration.stage or (
        "amended" if administration.amended_at else "completed"
    )


def _sums(administration: Administration) -> Iterator[parts.Json]:
    """What the form adds up stands in its response too: whoever shows a stored one does
    not add up again. A prorated total is no such sum, so it is an Observation alone."""
    english = administration.language.partition("-")[0] == "en"
    for one in administration.measures:
        if one.value is not None and not one.prorated:
            yield _sum(one.key, one.value, one.concept.text if english else None)


def _sum(key: str, value: Decimal | int, words: str | None) -> parts.Json:
    answer = {"valueDecimal": parts.number(value)}
    return parts.present(linkId=key, text=words, answer=[answer])


def _item(item: Item, language: str) -> parts.Json:
    """The official words as they were read; an item without an answer says whether it
    was declined."""
    own = None
    if item.official is not None:
        own = {"extension": translated(item.official, language)}
    if item.choice is None:
        reason = {"url": ABSENT, "valueCode": parts.why_absent(item)}
        return parts.present(
            extension=[reason],
            linkId=item.link_id,
            text=item.concept.text,
            _text=own,
        )
    return parts.present(
        linkId=item.link_id,
        text=item.concept.text,
        _text=own,
        answer=[{"valueCoding": _answer(item.choice, item.read_in or language)}],
    )


def _answer(choice: Choice, language: str) -> parts.Json:
    weight = [{"url": ORDINAL, "valueDecimal": choice.ordinal}]
    coding = choice.concept.coding
    # A display is the code system's own wording; what the person read in another
    # language stands beside it as its translation.
    said = translated(choice.concept.text, language)
    read = None if coding.display else {"extension": said}
    return parts.present(
        extension=[] if choice.ordinal is None else weight,
        **parts.coding(coding),
        _display=read,
    )


def translated(words: str, language: str) -> list[parts.Json]:
    """FHIR's extension for the same words in another language."""
    said = [
        {"url": "lang", "valueCode": language},
        {"url": "content", "valueString": words},
    ]
    return [{"url": TRANSLATION, "extension": said}]
