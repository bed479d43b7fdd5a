"""Says of an administration all that FHIR needs, as it stands or stood."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from core.models import Clinic
from records.fhir import values
from records.fhir.values import Concept
from records.presenters.answers import Standing, as_submitted, in_force, self_reported
from records.presenters.items import as_item, in_view
from records.presenters.naming import Naming, loinc
from records.presenters.results import Result, finding, measures, no_total
from records.presenters.sheets import Sheet, finished_rows, read_sheets
from screening.domain.questionnaire import Instrument
from screening.domain.stepping import Follows
from screening.models import Administration, Screening

IN_PROGRESS, STOPPED = "in-progress", "stopped"


def finished(clinic: Clinic, administration_id: UUID) -> Administration | None:
    """One submitted administration of this clinic; None for any other."""
    return finished_rows(clinic).filter(id=administration_id).first()


def present(
    row: Administration, clinic: Clinic, naming: Naming
) -> values.Administration:
    """All that FHIR needs to know of one administration."""
    (sheet,) = read_sheets(clinic, [row], naming)
    return as_of(sheet, clinic, naming)


def as_of(
    sheet: Sheet, clinic: Clinic, naming: Naming, at: datetime | None = None
) -> values.Administration:
    """The administration as it stands, or as it stood at one of its moments."""
    if not sheet.finished:
        return _unfinished(sheet, clinic, naming)
    instrument = sheet.row.instrument
    answers = in_force(sheet.answers, at)
    given = {link_id: answer.value for link_id, answer in answers.items()}
    results = [one for one in sheet.results if at is None or one.since <= at]
    last, earlier = results[-1], [one.detail for one in results[:-1]]
    moved = [
        one
        for one in sheet.people.moved(sheet.row.screening.patient_id, sheet.submitted)
        if at is None or one <= at
    ]
    retracted = _retracted(sheet, naming, at)
    # What is a version of the whole is one of each answer, too.
    more = len(moved) + bool(retracted)
    return replace(
        _common(sheet, clinic, naming, answers, at=at),
        items=tuple(
            as_item(instrument, one, answers.get(one.link_id), naming, moves=more)
            for one in in_view(instrument, given, before=as_submitted(answers))
        ),
        measures=tuple(measures(instrument, last, given, naming, earlier=earlier)),
        finding=finding(instrument, last, given, naming, earlier=earlier),
        no_total=no_total(instrument, last, given, follows=_follows(sheet.row)),
        revision=last.version + more,
        amended_at=_amended_at(last),
        moved_at=max(moved, default=None),
        retracted=retracted,
    )


def _retracted(
    sheet: Sheet, naming: Naming, at: datetime | None
) -> values.Retracted | None:
    """That it is entered in error, or was by then."""
    since = sheet.retracted_at
    if since is None or (at is not None and at < since):
        return None
    row = sheet.row.screening.retraction
    code = naming.code("entered-in-error", row.reason)
    return values.Retracted(at=since, why=Concept(coding=code, text=row.reason_label))


def _follows(row: Administration) -> Follows | None:
    return Follows.from_dict(row.follows) if row.follows else None


def _amended_at(result: Result) -> datetime | None:
    return result.since if result.version > 1 else None


def _unfinished(sheet: Sheet, clinic: Clinic, naming: Naming) -> values.Administration:
    """Answers without a result: an unfinished form is never scored as if it were done."""
    instrument, answers = sheet.row.instrument, in_force(sheet.answers)
    screening = sheet.row.screening
    moved = sheet.people.moved(screening.patient_id, sheet.submitted)
    retracted = _retracted(sheet, naming, None)
    return replace(
        _common(sheet, clinic, naming, answers, at=None),
        items=tuple(
            as_item(instrument, one, answers[one.link_id], naming, moves=0)
            for one in instrument.items
            if one.link_id in answers
        ),
        stage=IN_PROGRESS if screening.is_open else STOPPED,
        revision=len(sheet.answers) + len(moved) + bool(retracted),
        moved_at=max(moved, default=None),
        retracted=retracted,
    )


def _common(
    sheet: Sheet,
    clinic: Clinic,
    naming: Naming,
    answers: Mapping[str, Standing],
    *,
    at: datetime | None,
) -> values.Administration:
    """What is said of every administration, before its answers and results."""
    screening: Screening = sheet.row.screening
    instrument = sheet.row.instrument
    return values.Administration(
        id=sheet.row.id,
        questionnaire=naming.questionnaire(instrument),
        version=instrument.version,
        language=instrument.language,
        subject=sheet.people.subject(screening.patient_id, at),
        # A paper form of last week is of last week, whenever it was entered.
        answered=screening.answered_at or sheet.submitted,
        submitted=sheet.submitted,
        self_reported=self_reported(answers.values()),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
        panel=panel(instrument, naming),
        items=(),
    )


def panel(instrument: Instrument, naming: Naming) -> Concept:
    """What the whole form is called, in a code."""
    own = loinc(instrument.loinc_panel, instrument.loinc_panel_display)
    return Concept(coding=own or naming.code(instrument.id), text=instrument.short_name)
