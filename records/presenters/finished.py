"""Finds a finished administration of a clinic, and says all that FHIR needs of it."""

from collections.abc import Mapping
from uuid import UUID

from core.models import Clinic, PatientIdentifier
from records.fhir import values
from records.fhir.values import Concept
from records.presenters.items import as_item, in_view
from records.presenters.naming import Naming, loinc
from records.presenters.results import finding, measures, no_total
from screening.models import Administration, Answer, Score, Screening

BY_PATIENT = (Answer.Origin.TAPPED, Answer.Origin.CONFIRMED)


def finished(clinic: Clinic, administration_id: UUID) -> Administration | None:
    """One submitted administration of this clinic; None for any other."""
    rows = Administration.objects.filter(
        id=administration_id,
        screening__clinic=clinic,
        screening__status=Screening.Status.COMPLETED,
        completed_at__isnull=False,
        score__isnull=False,
    )
    rows = rows.select_related("screening__patient", "definition", "score")
    return rows.defer("definition__content").first()


def present(
    row: Administration, clinic: Clinic, naming: Naming
) -> values.Administration:
    """All that FHIR needs to know of one finished administration."""
    instrument = row.instrument
    answers = _answers_in_force(row)
    given = {link_id: answer.value for link_id, answer in answers.items()}
    asked = in_view(instrument, given)
    score: Score = row.score
    return values.Administration(
        id=row.id,
        questionnaire=naming.questionnaire(instrument),
        version=instrument.version,
        language=instrument.language,
        subject=_subject(row.screening, clinic, naming),
        authored=row.completed_at or score.at,
        self_reported=_self_reported(answers),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
        panel=Concept(
            coding=loinc(instrument.loinc_panel, instrument.loinc_panel_display)
            or naming.code(instrument.id),
            text=instrument.short_name,
        ),
        items=tuple(as_item(instrument, one, given, naming) for one in asked),
        measures=tuple(measures(instrument, score, given, naming)),
        finding=finding(instrument, score, given, naming),
        no_total=no_total(instrument, score),
    )


def _answers_in_force(row: Administration) -> dict[str, Answer]:
    """The latest answer to each item; what came before it stays in our own history."""
    columns = ("administration_id", "link_id", "value", "declined", "origin", "seq")
    answers = row.answers.only(*columns).order_by("seq")
    return {answer.link_id: answer for answer in answers}


def _self_reported(answers: Mapping[str, Answer]) -> bool:
    by_patient = (answer.origin in BY_PATIENT for answer in answers.values())
    return bool(answers) and all(by_patient)


def _subject(screening: Screening, clinic: Clinic, naming: Naming) -> values.Subject:
    """The person as the clinic knows them now, also after two records were merged."""
    patient = screening.patient
    known_as = patient.merged_into_id or patient.id
    rows = PatientIdentifier.objects.filter(clinic=clinic, patient_id=known_as)
    number = rows.order_by("system", "id").first()
    if number is None:
        return values.Subject(id=known_as)
    system = naming.identifier_system(clinic.id, number.system)
    identifier = values.Identifier(system=system, value=number.value)
    return values.Subject(id=known_as, identifier=identifier)
