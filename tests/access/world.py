"""Two clinics with the same things in each, so that one's can stand in for the other's."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from clinicians.models import (
    Absence,
    BulkAct,
    InviteBatch,
    PatientMail,
    PatientMerge,
    Schedule,
    TreatmentEvent,
)
from core.audit import Actor
from core.models import Clinic, EmergencyAccess, Patient, Role, User
from screening import actions
from screening.models import Episode, Invitation, Screening, Wording, WordingRun
from tests.access.expected import OF_PATIENTS, STAFF
from tests.cast import (
    NOW,
    make_clinic,
    make_episode,
    make_flag,
    make_patient,
    make_screening,
    make_user,
)
from tests.records.rows import make_administration
from tests.wordings import draft

DAY = timedelta(days=1)
SLEEP = (
    "Over the past 2 weeks, how often have you had trouble sleeping, or slept too much?"
)
ENERGY = "Over the past 2 weeks, how often have you felt tired or had little energy?"


@dataclass(frozen=True, slots=True)
class Folder:
    """What there is of one patient."""

    patient: Patient
    case: Episode
    scored: Screening
    entry: Screening
    invitation: Invitation
    event: TreatmentEvent
    emergency: EmergencyAccess
    merge: PatientMerge
    mail: PatientMail
    schedule: Schedule

    def ids(self) -> set[str]:
        """Under which a look at this patient is found in the log."""
        rows = (self.patient, self.case, self.scored, self.entry)
        return {str(row.id) for row in rows} | {str(self.invitation.screening_id)}


@dataclass(frozen=True, slots=True)
class World:
    """What there is in one clinic; `folder` is one patient's, `neighbour` another's."""

    clinic: Clinic
    staff: Mapping[Role, User]
    folder: Folder
    neighbour: Folder
    absence: Absence
    act: BulkAct
    batch: InviteBatch
    wording: Wording
    run: WordingRun
    colleague: User


def make_folder(clinic: Clinic, by: User) -> Folder:
    patient = make_patient(clinic)
    case = make_episode(patient)
    scored = make_administration(clinic, [1] * 10, patient=patient).screening
    make_flag(case, scored)
    now = timezone.now()
    entry = actions.start_entry(
        patient=patient,
        battery=["phq-9"],
        language="en",
        mode="PAPER",
        answered_at=now - timedelta(seconds=1),
        by=by,
        at=now,
    )
    event = TreatmentEvent.objects.create(
        clinic=clinic,
        patient=patient,
        kind="medication-started",
        happened_on=NOW.date(),
        by=by,
        at=NOW,
    )
    invitation = _invitation(patient, by)
    return Folder(
        patient=patient,
        case=case,
        scored=scored,
        entry=entry,
        invitation=invitation,
        event=event,
        emergency=_emergency(patient),
        merge=_merge(patient, by),
        mail=_mail(invitation),
        schedule=_schedule(patient),
    )


def _emergency(patient: Patient) -> EmergencyAccess:
    """One that is over: while it lasts, somebody may read more than their role says."""
    return EmergencyAccess.objects.create(
        clinic=patient.clinic,
        patient=patient,
        user=make_user(patient.clinic, Role.ADMINISTRATOR),
        reason="She could not be reached.",
        opened_at=NOW - DAY,
        ends_at=NOW - DAY,
    )


def _merge(patient: Patient, by: User) -> PatientMerge:
    gone = make_patient(patient.clinic, status="MERGED", merged_into=patient)
    return PatientMerge.objects.create(
        clinic=patient.clinic, kept=patient, gone=gone, before="ACTIVE", by=by, at=NOW
    )


def _invitation(patient: Patient, by: User) -> Invitation:
    """One that works, by a link that can be shown again."""
    return actions.reinvite(
        screening=make_screening(patient),
        by=Actor.staff(by),
        at=timezone.now(),
        repeatable=True,
    ).invitation


def _mail(invitation: Invitation) -> PatientMail:
    """One that could not be delivered."""
    return PatientMail.objects.create(
        clinic=invitation.screening.clinic,
        screening=invitation.screening,
        invitation=invitation,
        kind=PatientMail.Kind.INVITATION,
        key=str(invitation.id),
        due_at=NOW,
        failed_at=NOW,
        created_at=NOW,
    )


def _schedule(patient: Patient) -> Schedule:
    return Schedule.objects.create(
        clinic=patient.clinic,
        patient=patient,
        battery=["phq-9"],
        language="en",
        every_days=14,
        starts_on=NOW.date(),
        until_on=NOW.date() + 99 * DAY,
        created_at=NOW,
    )


def make_world(name: str, *, concept: str, text: str) -> World:
    clinic = make_clinic(name=name, kiosk_enabled=True)
    staff = {role: make_user(clinic, role) for role in Role}
    by = staff[Role.CLINICIAN]
    colleague = make_user(clinic, Role.CLINICIAN, "Colleague")
    absence = Absence.objects.create(
        clinic=clinic,
        user=colleague,
        cover=by,
        starts_at=NOW,
        ends_at=timezone.now() + DAY,
        created_at=NOW,
    )
    act = BulkAct.objects.create(
        clinic=clinic, kind="CLAIM", cases=[], by=by, at=NOW, undo_until_at=NOW + DAY
    )
    batch = InviteBatch.objects.create(clinic=clinic, rows=[], by=by, at=NOW)
    run = WordingRun.objects.create(
        clinic=clinic,
        instrument_id="phq-9",
        language="en",
        levels=["plain"],
        by=by,
        at=NOW,
    )
    return World(
        clinic=clinic,
        staff=staff,
        folder=make_folder(clinic, by),
        neighbour=make_folder(clinic, by),
        absence=absence,
        act=act,
        batch=batch,
        wording=actions.propose(
            clinic=clinic, draft=draft(text, concept=concept), by=by, at=NOW
        ),
        run=run,
        colleague=colleague,
    )


def two_clinics() -> tuple[World, World]:
    """One's own and the other; their wordings differ in key and in mark."""
    return (
        make_world("Riverside", concept="energy", text=ENERGY),
        make_world("Hillside", concept="sleep", text=SLEEP),
    )


# The words of `expected`, each as the argument of an address.
THINGS: dict[str, Callable[[World, Folder], object]] = {
    "patient": lambda w, f: f.patient.id,
    # Where an address is about two patients of the clinic.
    "another": lambda w, f: w.neighbour.patient.id,
    "case": lambda w, f: f.case.id,
    "scored": lambda w, f: f.scored.id,
    "entry": lambda w, f: f.entry.id,
    "invited": lambda w, f: f.invitation.screening_id,
    "invitation": lambda w, f: f.invitation.id,
    "event": lambda w, f: f.event.id,
    "emergency": lambda w, f: f.emergency.id,
    "merge": lambda w, f: f.merge.id,
    "other": lambda w, f: w.neighbour.patient.id,
    "absence": lambda w, f: w.absence.id,
    "mail": lambda w, f: f.mail.id,
    "schedule": lambda w, f: f.schedule.id,
    "act": lambda w, f: w.act.id,
    "batch": lambda w, f: w.batch.id,
    "run": lambda w, f: w.run.id,
    "colleague": lambda w, f: w.colleague.id,
    "wording": lambda w, f: w.wording.key,
    "mark": lambda w, f: w.wording.checksum[:12],
}
# A mark is no id of its own, and no other one can be made up.
NEVER: dict[str, object] = {"wording": "en/nothing/plain", "mark": "0" * 12}


def arguments(name: str, world: World) -> list[Any]:
    """One's own things for an address."""
    words = STAFF[name].takes.split()
    return [_thing(word, world, world.folder) for word in words]


def _thing(word: str, world: World, folder: Folder) -> Any:
    return THINGS[word](world, folder) if word in THINGS else word


def address(name: str, args: list[Any], world: World) -> str:
    """The address with these arguments, and with what its query needs."""
    query = STAFF[name].query.format(case=world.folder.case.id)
    return reverse(f"clinicians:{name}", args=args) + (f"?{query}" if query else "")


def foreign(name: str, own: World, other: World) -> list[tuple[str, list[Any]]]:
    """Every way to replace one object of an address by one that is not to be found."""
    words = STAFF[name].takes.split()
    apart = len(OF_PATIENTS & set(words)) > 1
    right = arguments(name, own)
    found = []
    for place, word in enumerate(words):
        if word not in THINGS:
            continue
        wrong = {
            "another clinic's": _thing(word, other, other.folder),
            "nobody's": NEVER.get(word, uuid.uuid4()),
        }
        if apart and word in OF_PATIENTS:
            wrong["another patient's"] = _thing(word, own, own.neighbour)
        for whose, thing in wrong.items():
            found.append(
                (f"{whose} {word}", [*right[:place], thing, *right[place + 1 :]])
            )
    if words and words[0] in THINGS:
        all_of_it = [_thing(word, other, other.folder) for word in words]
        found.append(("another clinic's address", all_of_it))
    return found
