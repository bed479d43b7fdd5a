"""The synthetic clinic itself, its patients, and what its clinicians did."""

from datetime import datetime, timedelta

from django.conf import settings

from clinicians import actions as review
from clinicians.actions.patients import Details
from clinicians.actions.patients import register as register_patient
from clinicians.actions.settings import change_settings
from clinicians.management.demo.people import PEOPLE, VISITORS, Person
from clinicians.management.demo.sitting import sit
from clinicians.management.demo.staff import SignIn
from core.audit import Actor
from core.models import Clinic, Patient, Role, User
from screening import actions as screening_actions
from screening.language import drafts, tables, wording
from screening.models import Episode, WordingSignOff

WEEKDAYS = {str(day): [["08:00", "18:00"]] for day in range(5)}
LADDER = [
    {"step": "team", "emails": ["team@demo.example"]},
    {"step": "on-call", "emails": ["on-call@demo.example"]},
    {"step": "supervisor", "emails": ["sam@demo.example"]},
]


def make_clinic(*, at: datetime) -> Clinic:
    """Create the demo's clinic."""
    return Clinic.objects.create(
        name="Riverbend Clinic (synthetic)",
        purpose=Clinic.Purpose.DEMO,
        country="US",
        time_zone="America/New_York",
        phone="202-555-0100",
        languages=["en", "es-US"],
        staffed_hours=WEEKDAYS,
        ladder=LADDER,
        kiosk_enabled=True,
        created_at=at,
    )


def offer_model(clinic: Clinic, *, at: datetime) -> None:
    """Turn on help from a model where one is set up; patients still choose."""
    if settings.LANGUAGE_ENABLED and not clinic.ai_enabled:
        changed_by = User.objects.get(clinic=clinic, role=Role.ADMINISTRATOR)
        change_settings(
            clinic=clinic,
            changes={"ai_enabled": True},
            confirmed=["ai-on"],
            reason="A model is set up on this machine for the demo.",
            by=changed_by,
            at=at,
        )


def sign_every_wording(clinic: Clinic, team: list[SignIn], *, at: datetime) -> None:
    """Let the synthetic reviewers sign, as a real clinic would have to."""
    texts = [
        drafts.shipped(text)
        for language in tables.LANGUAGES
        for text in wording.signable(language)
    ]
    by_role = {one.user.role: one.user for one in team}
    for role in WordingSignOff.Role.values:
        screening_actions.sign_many(
            clinic=clinic, drafts=texts, by=by_role[role], at=at
        )


def register(person: Person, clinic: Clinic, by: User, *, at: datetime) -> Patient:
    """Register one synthetic patient."""
    details = Details(
        record_number=person.number,
        birth_date=person.born,
        family_name=person.family,
        given_name=person.given,
        language=person.language,
    )
    return register_patient(clinic=clinic, details=details, by=by, at=at)


def fill(clinic: Clinic, team: list[SignIn], *, now: datetime) -> None:
    """Give the clinic a few weeks of history."""
    by_role = {one.user.role: one.user for one in team}
    clinician = by_role["CLINICIAN"]
    desk = by_role["FRONT_DESK"]
    sign_every_wording(clinic, team, at=now - timedelta(days=40))
    visits = [
        (visit.days_ago, person, visit) for person in PEOPLE for visit in person.visits
    ]
    patients = {
        person.number: register(person, clinic, desk, at=now - timedelta(days=35))
        for person in PEOPLE + VISITORS
    }
    for _, person, visit in sorted(visits, key=lambda one: -one[0]):
        patient = patients[person.number]
        sit(person, patient, visit, by=Actor.staff(clinician), now=now)
        _act(person, visit.days_ago, patient, clinician, now=now)
    screening_actions.expire_overdue(at=now)


def _act(
    person: Person, days_ago: int, patient: Patient, by: User, *, now: datetime
) -> None:
    """Do what the demo's clinicians did about this visit."""
    last = min(visit.days_ago for visit in person.visits)
    episode = Episode.objects.filter(patient=patient).exclude(status="CLOSED").first()
    if episode is None or (days_ago == last and person.then == "leave"):
        return
    if person.then == "claim" and days_ago == last:
        # Lately enough to be still with the clinician when the demo is looked at.
        review.claim(episode=episode, by=by, at=now - timedelta(minutes=5))
        return
    at = episode.last_flag_at + timedelta(minutes=40)
    episode = review.claim(episode=episode, by=by, at=at)
    review.record_contact(
        episode=episode,
        outcome="spoke",
        text="Spoke by phone. (Synthetic.)",
        by=by,
        at=at + timedelta(minutes=10),
    )
    episode.refresh_from_db()
    episode = review.close(
        episode=episode,
        seen_version=episode.version,
        disposition="follow-up",
        note="Talked it over; next visit arranged. (Synthetic.)",
        by=by,
        at=at + timedelta(minutes=25),
    )
    if episode.status == Episode.Status.TO_CONFIRM:
        review.confirm_close(
            episode=episode,
            seen_version=episode.version,
            note="Agreed. (Synthetic.)",
            by=_colleague(by),
            at=at + timedelta(minutes=45),
        )


def _colleague(of: User) -> User:
    colleagues = User.objects.filter(clinic=of.clinic, role=of.role).exclude(id=of.id)
    return colleagues.get()
