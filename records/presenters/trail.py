"""Lines of the audit log about what left, as AuditEvents need them."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from core.models import AuditEvent, Clinic, Patient
from records.fhir.audit_event import Line
from records.fhir.values import Concept, Identifier
from records.models import ApiClient
from records.presenters.moving import people
from records.presenters.naming import Naming
from screening.models import Administration, Episode, Screening

# All that clients of the record do or are refused, and all that the record does to them.
ABOUT_RECORDS = (
    Q(actor_kind=AuditEvent.ActorKind.CLIENT)
    | Q(kind__startswith="RECORD_")
    | Q(kind__startswith="API_")
    | Q(kind__startswith="DELIVERY_")
    | Q(kind__startswith="EXPORT_")
    | Q(kind__startswith="NOTIFICATION_")
    | Q(kind__startswith="SUBSCRIPTION_")
)
# The last word of a kind, as FHIR's letter; what is none of these was carried out.
ACTIONS = {"READ": "R", "CREATED": "C", "ISSUED": "C", "REVOKED": "U"}
REFUSED = "_REFUSED"
PATIENT = "patient"
ADMINISTRATION, EPISODE, SCREENING = "Administration", "episode", "screening"
# What a line may be about that is somebody's.
SOMEBODYS = (PATIENT, ADMINISTRATION, EPISODE, SCREENING)


def trail_rows(clinic: Clinic) -> QuerySet[AuditEvent]:
    """The lines that are the record's business, of this clinic."""
    return AuditEvent.objects.filter(ABOUT_RECORDS, chain=f"clinic:{clinic.id}")


def trail_lines(
    clinic: Clinic, rows: Sequence[AuditEvent], naming: Naming, software: str
) -> list[Line]:
    """Each line of a page, with whom it was about."""
    owners = _owners(clinic, rows)
    who = people(clinic, set(owners.values()), naming)
    names = _names(rows)
    made = []
    for row in rows:
        patient = owners.get(row.object_id)
        thing = Identifier(
            system=f"{naming.base}/sid/{row.object_type.lower()}", value=row.object_id
        )
        made.append(
            Line(
                id=row.id,
                kind=Concept(coding=naming.code("audit", row.kind), text=row.kind),
                action=ACTIONS.get(row.kind.rpartition("_")[2], "E"),
                allowed=not row.kind.endswith(REFUSED),
                at=row.at,
                agent=Identifier(
                    system=f"{naming.base}/sid/{row.actor_kind.lower()}",
                    value=row.actor_id,
                ),
                agent_name=names.get(row.actor_id, ""),
                clinic=naming.clinic(clinic.id),
                software=software,
                patient=who.subject(patient) if patient else None,
                thing=None if row.object_type == PATIENT else thing,
                test_data=clinic.purpose != Clinic.Purpose.LIVE,
            )
        )
    return made


def about(patients: Iterable[UUID]) -> Q:
    """Lines about these patients' records, and about what belongs to them."""
    ids = list(patients)
    parts = Administration.objects.filter(screening__patient__in=ids)
    screenings = Screening.objects.filter(patient__in=ids)
    cases = Episode.objects.filter(patient__in=ids)
    found: dict[str, Iterable[UUID]] = {
        PATIENT: ids,
        SCREENING: screenings.values_list("id", flat=True),
        ADMINISTRATION: parts.values_list("id", flat=True),
        EPISODE: cases.values_list("id", flat=True),
    }
    wanted = Q(pk__in=[])
    for kind, keys in found.items():
        wanted |= Q(object_type=kind, object_id__in=[str(key) for key in keys])
    return wanted


def _owners(clinic: Clinic, rows: Sequence[AuditEvent]) -> Mapping[str, UUID]:
    """By the id of what a line is about: the patient whose it is."""
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row.object_type, []).append(row.object_id)
    found: dict[str, UUID] = {}
    places = {
        PATIENT: (Patient.objects.filter(clinic=clinic), "id"),
        SCREENING: (Screening.objects.filter(clinic=clinic), "patient_id"),
        EPISODE: (Episode.objects.filter(clinic=clinic), "patient_id"),
        ADMINISTRATION: (
            Administration.objects.filter(screening__clinic=clinic),
            "screening__patient_id",
        ),
    }
    for kind, (known, owner) in places.items():
        if ids := by_kind.get(kind):
            pairs = known.filter(id__in=ids).values_list("id", owner)
            found |= {str(one): patient for one, patient in pairs}
    return found


def _names(rows: Sequence[AuditEvent]) -> Mapping[str, str]:
    """Names of programs only: a person of the clinic is a number to others."""
    clients = [
        row.actor_id for row in rows if row.actor_kind == AuditEvent.ActorKind.CLIENT
    ]
    pairs = ApiClient.objects.filter(id__in=clients).values_list("id", "name")
    return {str(client): name for client, name in pairs}
