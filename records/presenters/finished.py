"""Finds a finished administration of a clinic, and says all that FHIR needs of it."""

from uuid import UUID

from core.models import Clinic, PatientIdentifier
from records.fhir import values
from records.fhir.values import Concept
from records.presenters.answers import as_submitted, in_force, self_reported
from records.presenters.items import as_item, in_view
from records.presenters.naming import Naming, loinc
from records.presenters.results import Detail, finding, measures, no_total
from screening.models import Administration, Score, Screening


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
    answers = in_force(row)
    given = {link_id: answer.value for link_id, answer in answers.items()}
    asked = in_view(instrument, given, before=as_submitted(answers))
    score: Score = row.score
    earlier = _earlier(row) if score.version > 1 else []
    submitted = row.completed_at or score.at
    return values.Administration(
        id=row.id,
        questionnaire=naming.questionnaire(instrument),
        version=instrument.version,
        language=instrument.language,
        subject=_subject(row.screening, clinic, naming),
        # A paper form of last week is of last week, whenever it was entered.
        answered=row.screening.answered_at or submitted,
        submitted=submitted,
        self_reported=self_reported(answers.values()),
        test_data=clinic.purpose != Clinic.Purpose.LIVE,
        panel=Concept(
            coding=loinc(instrument.loinc_panel, instrument.loinc_panel_display)
            or naming.code(instrument.id),
            text=instrument.short_name,
        ),
        items=tuple(
            as_item(instrument, one, answers.get(one.link_id), naming) for one in asked
        ),
        measures=tuple(measures(instrument, score, given, naming, earlier=earlier)),
        finding=finding(instrument, score, given, naming, earlier=earlier),
        no_total=no_total(instrument, score),
        revision=score.version,
        amended_at=score.amended_at,
    )


def _earlier(row: Administration) -> list[Detail]:
    return list(row.past_scores.values_list("detail", flat=True))


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
