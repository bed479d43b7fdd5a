"""Several patients to invite, who of them can be, and what became of each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from clinicians.actions.inviting_many import Planned
from clinicians.models import InviteBatch, PatientMail
from clinicians.presenters.people import LANGUAGES, PatientHeader, header
from clinicians.presenters.planning import mail_line, title_of
from clinicians.presenters.times import moment
from core.models import Clinic, Patient
from screening.models import Screening


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient who may be ticked."""

    patient: PatientHeader
    how: str
    open: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What would become of one patient."""

    patient: PatientHeader
    title: str
    language: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one patient."""

    patient: PatientHeader
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of all of them."""

    id: uuid.UUID
    said: str
    outcomes: Sequence[Outcome]
    sheets: int
    invited: int


def candidate(
    patient: Patient, busy: Screening | None, *, reachable: bool, ticked: bool
) -> Candidate:
    """Present one patient of the list."""
    state = ""
    if busy is not None:
        state = "Begun already" if busy.started_at else "Invited already"
    how = "By e-mail" if reachable else "On paper: no e-mail address"
    return Candidate(header(patient), how, state, ticked)


def planned(one: Planned) -> PlannedLine:
    """Present what would become of one patient."""
    return PlannedLine(
        patient=header(one.patient),
        title=title_of(one.battery),
        language=LANGUAGES.get(one.language, one.language),
        why=one.why,
    )


def batch(row: InviteBatch, clinic: Clinic) -> Batch:
    """Present a batch, with how its mails stand now: two queries and one for numbers."""
    ids = [one["patient"] for one in row.rows]
    patients = Patient.objects.filter(clinic=clinic, id__in=ids)
    by_id = {str(p.id): p for p in patients.prefetch_related("identifiers")}
    mails = PatientMail.objects.filter(
        kind=PatientMail.Kind.INVITATION,
        invitation__in=[one["invitation"] for one in row.rows if one["invitation"]],
    )
    sent = {str(mail.invitation_id): mail for mail in mails}
    outcomes = []
    for one in row.rows:
        patient = by_id.get(one["patient"])
        if patient is not None:
            text = _outcome(one, sent.get(one["invitation"] or ""), clinic)
            outcomes.append(Outcome(header(patient), text))
    return Batch(
        id=row.id,
        said=f"{row.by}, {moment(row.at, clinic.zone)}",
        outcomes=outcomes,
        sheets=sum(bool(r["invitation"]) and not r["mailed"] for r in row.rows),
        invited=sum(bool(r["invitation"]) for r in row.rows),
    )


def _outcome(one: dict[str, object], mail: PatientMail | None, clinic: Clinic) -> str:
    if one["why"]:
        return f"Left out. {one['why']}"
    if mail is None:
        return "Invited. Print the sheet: there is no e-mail address."
    return f"Invited. {mail_line(mail, clinic.zone).text}"
