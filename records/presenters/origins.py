"""How each version of each administration came to be, down to the models that helped."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from core.models import Clinic
from records.fhir import parts
from records.fhir.observation import observation_ids
from records.fhir.provenance import Origin, ReadAs, Worded
from records.fhir.values import Administration, Concept, Identifier
from records.presenters.answers import BY_PATIENT, in_force
from records.presenters.finished import as_of
from records.presenters.forms import form_id
from records.presenters.naming import Naming
from records.presenters.sheets import Sheet
from screening.models import Amendment, Answer, ModelCall, Screening, Wording
from screening.models.definition import instrument_of

# What of a model's work reached the patient, by the outcome of its call.
REACHED = {
    "shown": ("worded", "Worded an explanation that the patient was shown"),
    "proposed": ("proposed", "Proposed an option for words that the patient typed"),
}
WROTE = ("paraphrased", "Worded a paraphrase or explanation from the library")

Helped = Mapping[UUID, Sequence[Worded]]
Standing = Mapping[UUID, Administration]


def origins(
    clinic: Clinic,
    sheets: Sequence[Sheet],
    naming: Naming,
    software: str,
    *,
    standing: Standing = MappingProxyType({}),
) -> list[Origin]:
    """One for each version of the answers; as many queries for a page as for one.
    `standing`: administrations as they stand now, where they are made already."""
    helped, amended = _helped(clinic, sheets, naming), _amended(sheets)
    made = []
    for sheet in sheets:
        for result in sheet.results:
            first = result.version == 1
            later = amended.get((sheet.row.id, result.since))
            author = _entered_by(sheet) if first else later
            last = result is sheet.results[-1]
            known = standing.get(sheet.row.id) if last else None
            then = known or as_of(sheet, clinic, naming, result.since)
            made.append(
                replace(
                    _origin(clinic, sheet, naming, software, then, at=result.since),
                    by=_staff(naming, clinic, author),
                    by_patient=first and _by_patient(sheet),
                    worded=tuple(helped.get(sheet.row.id, ())) if first else (),
                    read_as=tuple(_read_as(sheet)) if first else (),
                    revision=result.version,
                )
            )
        if sheet.retracted_at:
            made.append(_retraction(clinic, sheet, naming, software))
    return made


def _origin(
    clinic: Clinic,
    sheet: Sheet,
    naming: Naming,
    software: str,
    then: Administration,
    *,
    at: datetime,
) -> Origin:
    """What is said of every version: whose it is, when, and what came of it."""
    patient = sheet.row.screening.patient_id
    return Origin(
        administration=sheet.row.id,
        subject=sheet.people.subject(patient),
        clinic=naming.clinic(clinic.id),
        software=software,
        recorded_at=at,
        changed_at=max([at, *sheet.people.moved(patient, at)]),
        observations=observation_ids(then),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
    )


def _retraction(clinic: Clinic, sheet: Sheet, naming: Naming, software: str) -> Origin:
    """Who marked it as entered in error, and why."""
    row = sheet.row.screening.retraction
    code = naming.code(parts.IN_ERROR, row.reason)
    return replace(
        _origin(
            clinic,
            sheet,
            naming,
            software,
            as_of(sheet, clinic, naming, row.at),
            at=row.at,
        ),
        by=_staff(naming, clinic, row.by_id),
        by_patient=False,
        in_error=Concept(coding=code, text=row.reason_label),
    )


def _staff(naming: Naming, clinic: Clinic, user: object) -> Identifier | None:
    return naming.staff(clinic.id, user) if user else None


def _by_patient(sheet: Sheet) -> bool:
    first = [one for one in sheet.answers if one.amended_at is None]
    return bool(first) and all(one.origin in BY_PATIENT for one in first)


def _read_as(sheet: Sheet) -> Iterable[ReadAs]:
    """Each form whose words were read for answers to a form in another language."""
    first = in_force(one for one in sheet.answers if one.amended_at is None)
    found: dict[UUID, list[int]] = defaultdict(list)
    for link_id, one in first.items():
        if one.asked_as is not None:
            number = sheet.row.instrument.item(link_id).number
            found[one.asked_as].append(number)
    for definition, numbers in found.items():
        form = instrument_of(definition)
        items = ", ".join(str(number) for number in sorted(numbers))
        yield ReadAs(
            form=form_id(form.id, form.version),
            words=f"Read in {form.language} at item {items}",
        )


def _entered_by(sheet: Sheet) -> str:
    """Who typed in what a patient had said elsewhere, where that is known."""
    screening: Screening = sheet.row.screening
    by_staff = any(one.origin == Answer.Origin.STAFF for one in sheet.answers)
    return screening.created_by_id if by_staff else ""


def _amended(sheets: Iterable[Sheet]) -> Mapping[tuple[UUID, datetime], UUID]:
    ids = [sheet.row.id for sheet in sheets if len(sheet.results) > 1]
    rows = Amendment.objects.filter(administration__in=ids)
    columns = rows.values_list("administration_id", "at", "by_id")
    return {(administration, at): by for administration, at, by in columns}


def _helped(clinic: Clinic, sheets: Sequence[Sheet], naming: Naming) -> Helped:
    """Each model once for each thing it did, in the order of its name."""
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for administration, did, model in (*_called(sheets), *_read(clinic, sheets)):
        found[administration].add((did, model))
    said = dict((*REACHED.values(), WROTE))
    return {
        administration: [
            Worded(
                model=model or "unknown",
                did=Concept(coding=naming.code("model", did), text=said[did]),
            )
            for did, model in sorted(pairs)
        ]
        for administration, pairs in found.items()
    }


def _called(sheets: Iterable[Sheet]) -> Iterable[tuple[UUID, str, str]]:
    """Made live, for this patient's question or words."""
    parts = {
        (sheet.row.screening_id, sheet.row.definition.instrument_id): sheet.row.id
        for sheet in sheets
    }
    screenings = {screening for screening, _ in parts}
    calls = ModelCall.objects.filter(screening__in=screenings, outcome__in=REACHED)
    columns = ("screening_id", "instrument_id", "outcome", "model")
    for screening, instrument, outcome, model in calls.values_list(*columns):
        if administration := parts.get((screening, instrument)):
            yield administration, REACHED[outcome][0], model


def _read(clinic: Clinic, sheets: Iterable[Sheet]) -> Iterable[tuple[UUID, str, str]]:
    """Out of the library: generated ahead, and shown beneath the official words."""
    ids = [sheet.row.id for sheet in sheets]
    rows = Answer.objects.filter(administration__in=ids, shown__has_key="texts")
    shown = [
        (administration, key)
        for administration, texts in rows.values_list(
            "administration_id", "shown__texts"
        )
        for key in texts
    ]
    if not shown:
        return
    keys = {key.partition("@")[0] for _, key in shown}
    generated = Wording.objects.filter(
        clinic=clinic, key__in=keys, origin=Wording.Origin.GENERATED
    )
    models = {f"{row.key}@{row.mark}": row.model for row in generated}
    for administration, key in shown:
        if key in models:
            yield administration, WROTE[0], models[key]
