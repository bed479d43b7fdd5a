"""A finished result as rows of a table, one for each item and each number."""

from collections.abc import Iterator

from records.fhir.parts import IN_ERROR, last_changed, number, why_absent
from records.fhir.values import Administration, Concept, Item, Measure, PatientRecord

COLUMNS = (
    *("record_number_system", "record_number", "patient_id", "result_id", "version"),
    *("status", "instrument", "instrument_version", "language", "answered_at"),
    *("recorded_at", "kind", "code_system", "code", "name", "value"),
    *("value_code_system", "value_code", "value_text", "absent", "test_data"),
)


def result_rows(
    administration: Administration, record: PatientRecord
) -> Iterator[tuple[str, ...]]:
    """The head of the table and its rows; cells are text as they are."""
    yield COLUMNS
    head = _head(administration, record)
    test = "yes" if administration.test_data else "no"
    for item in administration.items:
        yield (*head, "item", *_coded(item.concept), *_answer(item), test)
    for measure in administration.measures:
        yield (*head, "score", *_coded(measure.concept), *_value(measure), test)
    if administration.finding:
        found = administration.finding
        value = _words("", found.value) if found.value else ("", "", "", "", "unknown")
        yield (*head, "outcome", *_coded(found.concept), *value, test)


def _head(administration: Administration, record: PatientRecord) -> tuple[str, ...]:
    first = record.identifiers[0] if record.identifiers else None
    return (
        *((first.system, first.value) if first else ("", "")),
        *(str(record.id), str(administration.id), str(administration.revision)),
        _status(administration),
        administration.panel.text,
        administration.version,
        administration.language,
        administration.answered.isoformat(),
        last_changed(administration).isoformat(),
    )


def _status(administration: Administration) -> str:
    if administration.retracted:
        return IN_ERROR
    return "amended" if administration.amended_at else "final"


def _coded(concept: Concept) -> tuple[str, str, str]:
    return concept.coding.system, concept.coding.code, concept.text


def _answer(item: Item) -> tuple[str, ...]:
    choice = item.choice
    if choice is None:
        return "", "", "", "", why_absent(item)
    return _words("" if choice.ordinal is None else str(choice.ordinal), choice.concept)


def _value(measure: Measure) -> tuple[str, ...]:
    if measure.value is None:
        return "", "", "", "", "unknown"
    value = str(number(measure.value))
    return _words(value, measure.band) if measure.band else (value, "", "", "", "")


def _words(value: str, concept: Concept) -> tuple[str, ...]:
    return value, concept.coding.system, concept.coding.code, concept.text, ""
