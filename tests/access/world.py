"""Two clinics with the same things in each, so that one's can stand in for the other's."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from clinicians.models import Absence, BulkAct, InviteBatch
from core.models import Clinic, Role, User
from records.models import (
    ApiClient,
    Delivery,
    Destination,
    DraftQuestionnaire,
    Notification,
)
from screening import actions
from screening.models import Wording, WordingReport, WordingRun
from tests.access.expected import OF_PATIENTS, STAFF, space_of
from tests.access.folders import DAY, Folder, make_folder
from tests.access.told import make_notification
from tests.cast import NOW, make_clinic, make_user
from tests.wordings import draft

SLEEP = (
    "Over the past 2 weeks, how often have you had trouble sleeping, or slept too much?"
)
ENERGY = "Over the past 2 weeks, how often have you felt tired or had little energy?"


@dataclass(frozen=True, slots=True)
class World:
    """What there is in one clinic; `folder` is one patient's, `neighbour` another's."""

    clinic: Clinic
    staff: Mapping[Role, User]
    folder: Folder
    neighbour: Folder
    sessions: Mapping[Role, UserSession]
    batch: InviteBatch
    absence: Absence
    act: BulkAct
    wording: Wording
    run: WordingRun
    report: WordingReport
    colleague: User
    place: Destination
    delivery: Delivery
    draft: DraftQuestionnaire
    notification: Notification


def _batch(clinic: Clinic, by: User, folders: Sequence[Folder]) -> InviteBatch:
    rows = [
        {
            "patient": str(one.patient.id),
            "screening": str(one.invitation.screening_id),
            "invitation": str(one.invitation.id),
            "mailed": False,
            "why": "",
        }
        for one in folders
    ]
    return InviteBatch.objects.create(clinic=clinic, rows=rows, by=by, at=NOW)


def _session(user: User) -> UserSession:
    """Another browser in which somebody is signed in."""
    store = SessionStore()
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    store.create()
    return UserSession.objects.create(
        user=user, ip="192.0.2.1", session_key=store.session_key, user_agent="Elsewhere"
    )


def _report(folder: Folder) -> WordingReport:
    """What a patient said of a wording; its words would name nobody."""
    return WordingReport.objects.create(
        clinic=folder.patient.clinic,
        screening_id=folder.invitation.screening_id,
        key="0.x",
        instrument_id="phq-9",
        instrument_version="1",
        language="en",
        link_id="/44250-9",
        where="OFFICIAL",
        why="UNCLEAR",
        text="Little interest",
        at=NOW,
    )


def _run(clinic: Clinic, by: User) -> WordingRun:
    return WordingRun.objects.create(
        clinic=clinic,
        instrument_id="phq-9",
        language="en",
        levels=["plain"],
        by=by,
        at=NOW,
    )


def _place(clinic: Clinic) -> Destination:
    return Destination.objects.create(
        clinic=clinic, kind="CSV_FILE", name="Elsewhere", since_at=NOW, created_at=NOW
    )


def _delivery(place: Destination, folder: Folder) -> Delivery:
    """One that was given up, so that it may be sent again."""
    return Delivery.objects.create(
        destination=place,
        patient=folder.patient,
        administration=folder.scored.administrations.get(),
        version=1,
        state="DEAD",
        caused_at=NOW,
        created_at=NOW,
    )


def _draft(clinic: Clinic) -> DraftQuestionnaire:
    """What a program of this clinic sent in."""
    client = ApiClient.objects.create(
        clinic=clinic, name="Elsewhere", scopes=["system/*.rs"], created_at=NOW
    )
    return DraftQuestionnaire.objects.create(
        clinic=clinic,
        client=client,
        url="urn:form",
        version="1",
        title="A form",
        digest=clinic.name,
        content={},
        received_at=NOW,
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
    folder, neighbour = make_folder(clinic, staff), make_folder(clinic, staff)
    place, sent_in = _place(clinic), _draft(clinic)
    return World(
        draft=sent_in,
        notification=make_notification(sent_in.client),
        clinic=clinic,
        staff=staff,
        folder=folder,
        neighbour=neighbour,
        sessions={role: _session(user) for role, user in staff.items()},
        batch=_batch(clinic, by, [folder, neighbour]),
        absence=absence,
        act=act,
        wording=actions.propose(
            clinic=clinic, draft=draft(text, concept=concept), by=by, at=NOW
        ),
        run=_run(clinic, by),
        report=_report(folder),
        colleague=colleague,
        place=place,
        delivery=_delivery(place, folder),
    )


def two_clinics() -> tuple[World, World]:
    """One's own and the other; their wordings differ in key and in mark."""
    return (
        make_world("Riverside", concept="energy", text=ENERGY),
        make_world("Hillside", concept="sleep", text=SLEEP),
    )


# The words of `expected`, each as the argument of an address.
THINGS: dict[str, Callable[[World, Folder, Role], object]] = {
    "patient": lambda w, f, r: f.patient.id,
    # Where an address is about two patients of the clinic.
    "another": lambda w, f, r: w.neighbour.patient.id,
    "case": lambda w, f, r: f.case.id,
    "scored": lambda w, f, r: f.scored.id,
    "entry": lambda w, f, r: f.entry.id,
    "invited": lambda w, f, r: f.invitation.screening_id,
    "invitation": lambda w, f, r: f.invitation.id,
    "mail": lambda w, f, r: f.mail.id,
    "event": lambda w, f, r: f.event.id,
    "schedule": lambda w, f, r: f.schedule.id,
    "merge": lambda w, f, r: f.merge.id,
    # An emergency access that anybody may look into who does that, and one's own.
    "access": lambda w, f, r: f.accesses[Role.FRONT_DESK].id,
    "mine": lambda w, f, r: f.accesses[r if r in f.accesses else Role.FRONT_DESK].id,
    "session": lambda w, f, r: w.sessions[r].id,
    "batch": lambda w, f, r: w.batch.id,
    "absence": lambda w, f, r: w.absence.id,
    "act": lambda w, f, r: w.act.id,
    "run": lambda w, f, r: w.run.id,
    "report": lambda w, f, r: w.report.id,
    "colleague": lambda w, f, r: w.colleague.id,
    "place": lambda w, f, r: w.place.id,
    "delivery": lambda w, f, r: w.delivery.id,
    "client": lambda w, f, r: w.draft.client_id,
    "draft": lambda w, f, r: w.draft.id,
    "subscription": lambda w, f, r: w.notification.subscription_id,
    "notification": lambda w, f, r: w.notification.id,
    "wording": lambda w, f, r: w.wording.key,
    "mark": lambda w, f, r: w.wording.checksum[:12],
}
# A mark is no id of its own, and no other one can be made up.
NEVER: dict[str, object] = {
    "wording": "en/nothing/plain",
    "mark": "0" * 12,
    "session": 2**31 - 1,
}
# What belongs to one person: a colleague's is not found either.
PERSONAL = {"mine", "session"}
COLLEAGUE = dict.fromkeys(Role, Role.FRONT_DESK) | {Role.FRONT_DESK: Role.ADMINISTRATOR}


def arguments(name: str, world: World, role: Role = Role.SUPERVISOR) -> list[Any]:
    """One's own things for an address."""
    return _all_of(name, world, world.folder, role)


def of_neighbour(name: str, world: World, role: Role) -> list[Any]:
    """The same things of another patient."""
    return _all_of(name, world, world.neighbour, role)


def _all_of(name: str, world: World, folder: Folder, role: Role) -> list[Any]:
    return [_thing(word, world, folder, role) for word in STAFF[name].takes.split()]


def _thing(word: str, world: World, folder: Folder, role: Role) -> Any:
    return THINGS[word](world, folder, role) if word in THINGS else word


def address(name: str, args: list[Any], world: World) -> str:
    """The address with these arguments, and with what its query needs."""
    given = {"case": world.folder.case.id, "patient": world.folder.patient.id}
    query = STAFF[name].query.format(new=uuid.uuid4(), **given)
    return reverse(f"{space_of(name)}:{name}", args=args) + (
        f"?{query}" if query else ""
    )


def foreign(
    name: str, own: World, other: World, role: Role
) -> list[tuple[str, list[Any]]]:
    """Every way to replace one object of an address by one that is not to be found."""
    words = STAFF[name].takes.split()
    apart = len(OF_PATIENTS & set(words)) > 1
    right = arguments(name, own, role)
    found = []
    for place, word in enumerate(words):
        if word not in THINGS:
            continue
        wrong = {
            "another clinic's": _thing(word, other, other.folder, role),
            "nobody's": NEVER.get(word, uuid.uuid4()),
        }
        if apart and word in OF_PATIENTS:
            wrong["another patient's"] = _thing(word, own, own.neighbour, role)
        if word in PERSONAL:
            wrong["a colleague's"] = _thing(word, own, own.folder, COLLEAGUE[role])
        for whose, thing in wrong.items():
            found.append(
                (f"{whose} {word}", [*right[:place], thing, *right[place + 1 :]])
            )
    if words and words[0] in THINGS:
        all_of_it = _all_of(name, other, other.folder, role)
        found.append(("another clinic's address", all_of_it))
    return found
