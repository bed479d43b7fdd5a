"""A finished administration as Observations: panel, items, totals, difficulty."""

from records.fhir import parts
from records.fhir.values import Administration, Concept, Finding, Item, Measure

PANEL = "panel"
SURVEY = {"coding": [{"system": parts.CATEGORY, "code": "survey", "display": "Survey"}]}
ABSENT_DISPLAY = {
    parts.DECLINED: "Asked But Declined",
    parts.NOT_ASKED: "Not Asked",
    parts.UNKNOWN: "Unknown",
}


def observations(administration: Administration) -> list[parts.Json]:
    """Every Observation of one administration, the panel first."""
    items = [(item, _item(administration, item)) for item in administration.items]
    results = [_measure(administration, one) for one in administration.measures]
    if administration.finding:
        results.append(_finding(administration, administration.finding))
    members = [made for item, made in items if item.in_panel] + results
    return [
        _panel(administration, members),
        *(made for _, made in items),
        *results,
    ]


def observation_ids(administration: Administration) -> tuple[str, ...]:
    """The ids of the same, in the same order, without making them."""
    results: list[Measure | Finding] = list(administration.measures)
    if administration.finding:
        results.append(administration.finding)
    keys = (one.key for one in (*administration.items, *results))
    return tuple(parts.observation_id(administration, key) for key in (PANEL, *keys))


def _panel(administration: Administration, members: list[parts.Json]) -> parts.Json:
    note = administration.no_total
    return parts.present(
        **_common(administration, PANEL, administration.panel),
        note=[{"text": note}] if note else [],
        hasMember=[parts.reference("Observation", one["id"]) for one in members],
        derivedFrom=[_response(administration)],
    )


def _item(administration: Administration, item: Item) -> parts.Json:
    choice = parts.concept(item.choice.concept) if item.choice else None
    by_patient = administration.self_reported and item.choice and not item.amended_at
    performer = [parts.subject(administration.subject)] if by_patient else []
    return parts.present(
        **_common(administration, item.key, item.concept, of=item),
        # Only items are in the patient's language; our own words are in English.
        language=item.read_in or administration.language,
        performer=performer,
        valueCodeableConcept=choice,
        dataAbsentReason=None if choice else _absent(parts.why_absent(item)),
        derivedFrom=[_response(administration)],
    )


def _absent(code: str) -> parts.Json:
    coding = {"system": parts.ABSENT, "code": code, "display": ABSENT_DISPLAY[code]}
    return {"coding": [coding]}


def _measure(administration: Administration, measure: Measure) -> parts.Json:
    """A computed number has no performer: nobody said it."""
    how = measure.prorated
    return parts.present(
        **_common(administration, measure.key, measure.concept),
        valueQuantity=_quantity(measure),
        dataAbsentReason=_taken_away(measure),
        interpretation=[parts.concept(measure.band)] if measure.band else [],
        note=[{"text": how}] if how else [],
        method={"text": "Prorated"} if how else None,
        derivedFrom=_sources(administration, measure.from_items),
    )


def _quantity(measure: Measure) -> parts.Json | None:
    if measure.value is None:
        return None
    return {
        "value": parts.number(measure.value),
        "unit": measure.unit,
        "system": parts.UCUM,
        "code": measure.unit,
    }


def _taken_away(result: Measure | Finding) -> parts.Json | None:
    """What left once does not vanish: it stays, and says that it is not known now."""
    return _absent(parts.UNKNOWN) if result.value is None else None


def _finding(administration: Administration, finding: Finding) -> parts.Json:
    return parts.present(
        **_common(administration, finding.key, finding.concept),
        valueCodeableConcept=parts.concept(finding.value) if finding.value else None,
        dataAbsentReason=_taken_away(finding),
        derivedFrom=_sources(administration, finding.from_items),
    )


def _common(
    administration: Administration,
    key: str,
    code: Concept,
    *,
    of: parts.Amended | None = None,
) -> parts.Json:
    """`of` is the answer that this observes; all else rests on every answer."""
    rests_on = of or administration
    return {
        "resourceType": "Observation",
        "id": parts.observation_id(administration, key),
        "meta": parts.meta(administration, rests_on),
        "identifier": [parts.observation_urn(administration, key)],
        "status": _status(administration, rests_on),
        "category": [SURVEY],
        "code": parts.concept(code),
        "subject": parts.subject(administration.subject),
        "effectiveDateTime": parts.instant(administration.answered),
        "issued": parts.instant(parts.issued_at(administration, rests_on)),
    }


def _status(administration: Administration, rests_on: parts.Amended) -> str:
    if administration.retracted:
        return parts.IN_ERROR
    return "amended" if rests_on.amended_at else "final"


def _response(administration: Administration) -> parts.Json:
    return parts.reference("QuestionnaireResponse", str(administration.id))


def _sources(administration: Administration, keys: tuple[str, ...]) -> list[parts.Json]:
    ids = (parts.observation_id(administration, key) for key in keys)
    items = [parts.reference("Observation", one) for one in ids]
    return [_response(administration), *items]
