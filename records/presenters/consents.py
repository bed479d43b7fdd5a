"""What patients agreed to, from the screenings that they began."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from core.models import AuditEvent, Clinic
from records.fhir.consent import Agreed
from records.fhir.values import Concept
from records.presenters.moving import people
from records.presenters.naming import Naming
from screening.models import Screening

HELP_CHOSEN = "AI_HELP_CHOSEN"


def consent_rows(clinic: Clinic) -> QuerySet[Screening]:
    """Every screening that a patient agreed to, without how to reach anybody."""
    rows = Screening.objects.filter(clinic=clinic, consented_at__isnull=False)
    return rows.defer("callback_number", "whereabouts", "emergency_contact")


def agreed(clinic: Clinic, rows: Sequence[Screening], naming: Naming) -> list[Agreed]:
    """The consent of each screening of a page."""
    who = people(clinic, {row.patient_id for row in rows}, naming)
    chosen = _chosen(rows)
    made = []
    for row in rows:
        if row.consented_at is None:
            raise ValueError("A screening without consent is no consent.")
        withdrawn = row.status == Screening.Status.WITHDRAWN
        moments = [row.consented_at, *chosen.get(f"screening:{row.id}", ())]
        if withdrawn and row.closed_at:
            moments.append(row.closed_at)
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
                test_data=clinic.purpose != Clinic.Purpose.LIVE,
            )
        )
    return made


def _chosen(rows: Sequence[Screening]) -> dict[str, list[datetime]]:
    """When the choice about a model's help was made anew: only the audit log knows."""
    chains = [f"screening:{row.id}" for row in rows]
    found: dict[str, list[datetime]] = {}
    lines = AuditEvent.objects.filter(chain__in=chains, kind=HELP_CHOSEN)
    for chain, at in lines.values_list("chain", "at"):
        found.setdefault(chain, []).append(at)
    return found
