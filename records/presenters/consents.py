"""What patients agreed to, from the screenings that they began."""

from collections.abc import Sequence

from django.db.models import QuerySet

from core.models import Clinic
from records.fhir.consent import Agreed
from records.fhir.values import Concept
from records.presenters.moving import people
from records.presenters.naming import Naming
from screening.models import Screening


def consent_rows(clinic: Clinic) -> QuerySet[Screening]:
    """Every screening that a patient agreed to, without how to reach anybody."""
    rows = Screening.objects.filter(clinic=clinic, consented_at__isnull=False)
    return rows.defer("callback_number", "whereabouts", "emergency_contact")


def agreed(clinic: Clinic, rows: Sequence[Screening], naming: Naming) -> list[Agreed]:
    """The consent of each screening of a page."""
    who = people(clinic, {row.patient_id for row in rows}, naming)
    made = []
    for row in rows:
        if row.consented_at is None:
            raise ValueError("A screening without consent is no consent.")
        withdrawn = row.status == Screening.Status.WITHDRAWN
        ended = row.closed_at if withdrawn else None
        later = (row.ai_chosen_at, row.retracted_at, ended)
        moments = [row.consented_at, *(one for one in later if one is not None)]
        made.append(
            Agreed(
                id=row.id,
                subject=who.subject(row.patient_id),
                kind=Concept(
                    coding=naming.code("consent", "screening"),
                    text="Consent to be screened",
                ),
                help=Concept(
                    coding=naming.code("consent", "language-model"),
                    text="A language model may help to explain a question",
                ),
                help_allowed=row.ai_consent,
                in_force=not withdrawn,
                text_version=row.consent_version or "unknown",
                given_at=row.consented_at,
                changed_at=max(
                    [*moments, *who.moved(row.patient_id, row.consented_at)]
                ),
                in_error=row.retracted_at is not None,
                test_data=clinic.purpose != Clinic.Purpose.LIVE,
            )
        )
    return made
