"""A finished administration as a QuestionnaireResponse."""

from records.fhir import parts
from records.fhir.values import Administration, Choice, Item

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def questionnaire_response(administration: Administration) -> parts.Json:
    patient = parts.subject(administration.subject)
    by_patient = patient if administration.self_reported else None
    return parts.present(
        resourceType="QuestionnaireResponse",
        id=str(administration.id),
        meta=parts.meta(administration),
        language=administration.language,
        identifier=parts.urn_uuid(administration.id),
        questionnaire=f"{administration.questionnaire}|{administration.version}",
        status="completed",
        subject=patient,
        authored=parts.instant(administration.authored),
        # When staff or an import wrote the answers down, we do not know an author.
        author=by_patient,
        source=by_patient,
        item=[_item(item) for item in administration.items],
    )


def _item(item: Item) -> parts.Json:
    """The official words; an item declined or not asked stands without an answer."""
    return parts.present(
        linkId=item.link_id,
        text=item.concept.text,
        answer=[{"valueCoding": _answer(item.choice)}] if item.choice else [],
    )


def _answer(choice: Choice) -> parts.Json:
    # The display is what the person read, in the language that the response names.
    weight = [{"url": ORDINAL, "valueDecimal": choice.ordinal}]
    return parts.present(
        extension=[] if choice.ordinal is None else weight,
        system=choice.concept.coding.system,
        code=choice.concept.coding.code,
        display=choice.concept.text,
    )
