"""Mails owed to patients: owed with the invitation, claimed by one sender, settled once."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from clinicians.definitions import planning_policy
from clinicians.models import PatientMail
from clinicians.workflow.mailing import MailFacts, next_try, why_not
from clinicians.workflow.planning import allowed_at, reminder_moments
from core import audit
from core.models import Patient, User
from core.permissions import Permission, PermissionRefused, check_can
from screening.actions.clock import hours_of
from screening.actions.opening import is_live
from screening.models import Invitation, Screening

# Longer than a mail server may take: a second sender must not cut in.
LEASE = timedelta(minutes=2)
# Few, so that the loop is soon back at what safety rests on.
BATCH = 5
# Looked through in a round for those few: what is stopped costs no sender's time.
MOST_LOOKED_AT = 200
SENDER = audit.Actor.system("watch")
PLANNER = audit.Actor.system("schedule")
NEWER_LINK = "A newer link was made."


class MailNotOwed(ValueError):
    """This mail is not one that failed (any more)."""


@transaction.atomic
def owe_mails(*, invitation: Invitation, by: audit.Actor, at: datetime) -> None:
    """Owe the patient the invitation now and its reminders later; each exists once.

    What is still owed with an earlier link is taken back.
    """
    screening = invitation.screening
    take_back(screening=screening, why=NEWER_LINK, at=at)
    _owe(invitation, PatientMail.Kind.INVITATION, None, due_at=at, by=by, at=at)
    days = reminder_moments(
        planning_policy(),
        hours_of(screening.clinic),
        invited_at=at,
        until=invitation.expires_at,
        days=screening.clinic.reminder_days,
    )
    for day, due_at in days.items():
        _owe(invitation, PatientMail.Kind.REMINDER, day, due_at=due_at, by=by, at=at)


def _owe(
    invitation: Invitation,
    kind: PatientMail.Kind,
    day: int | None,
    *,
    due_at: datetime,
    by: audit.Actor,
    at: datetime,
) -> None:
    PatientMail.objects.get_or_create(
        key=f"{invitation.id}:{kind.value}:{day or 0}",
        defaults={
            "clinic_id": invitation.screening.clinic_id,
            "screening": invitation.screening,
            "invitation": invitation,
            "kind": kind,
            "day": day,
            "due_at": due_at,
            "next_at": due_at,
            "created_at": at,
            "created_by_id": by.id,
        },
    )


def take_back(*, screening: Screening, why: str, at: datetime) -> None:
    """Stop what has not been sent for this screening."""
    owed = PatientMail.objects.filter(screening=screening, next_at__isnull=False)
    owed.update(next_at=None, stopped_at=at, last_error=why)


def due_mails(*, at: datetime) -> list[uuid.UUID]:
    """Return which mails are owed by now, the longest owed first."""
    owed = PatientMail.objects.filter(next_at__lte=at).order_by("next_at", "id")
    return list(owed.values_list("id", flat=True)[:MOST_LOOKED_AT])


def claim_mail(mail_id: uuid.UUID, *, at: datetime) -> PatientMail | None:
    """Return a mail that this process now has to send, as everything stands now.

    The claim is a conditional update that must change exactly one row. A sender
    that dies lets its lease run out, and the mail is due again. What may not go out
    any more is stopped here, with the reason; what may not go out at night waits.
    """
    # A link is found by its own row, whose screening may be a newer one by now.
    rows = PatientMail.objects.select_related(
        "clinic",
        "screening__clinic",
        "screening__patient__merged_into",
        "invitation__screening__clinic",
        "invitation__screening__patient__merged_into",
    )
    mail = rows.filter(id=mail_id, next_at__lte=at).first()
    if mail is None:
        return None
    if why := why_not(facts_of(mail, at=at)):
        _settle(mail, "STOPPED", at=at, stopped_at=at, last_error=why)
        return None
    mine = PatientMail.objects.filter(id=mail.id, next_at=mail.next_at)
    if (allowed := _allowed(mail, at=at)) > at:
        mine.update(next_at=allowed)
        return None
    claimed = mine.update(next_at=at + LEASE, attempts=F("attempts") + 1)
    mail.attempts += claimed
    return mail if claimed == 1 else None


def _allowed(mail: PatientMail, *, at: datetime) -> datetime:
    """What nobody pressed a button for waits for the day, at a late try too."""
    if mail.day is None and mail.created_by_id != PLANNER.id:
        return at
    return allowed_at(planning_policy(), hours_of(mail.screening.clinic), at)


def facts_of(mail: PatientMail, *, at: datetime) -> MailFacts:
    """Read what decides whether this mail may still go out."""
    screening = mail.screening
    later = PatientMail.objects.filter(
        invitation=mail.invitation_id, day__gt=mail.day or 0, due_at__lte=at
    )
    sent = PatientMail.objects.filter(
        invitation=mail.invitation_id,
        kind=PatientMail.Kind.INVITATION,
        sent_at__lte=mail.due_at,
    )
    # Asked of a record that was merged since, it is answered by the same person.
    stays = screening.patient.stays
    reminds = mail.day is not None
    return MailFacts(
        reminder_day=mail.day,
        patient_active=stays.status == Patient.Status.ACTIVE,
        wants_reminders=screening.patient.wants_reminders and stays.wants_reminders,
        begun=screening.started_at is not None
        or screening.minor_stopped_at is not None,
        over=not screening.is_open,
        link_works=mail.invitation is not None and is_live(mail.invitation, at=at),
        reminder_days=tuple(screening.clinic.reminder_days),
        newer_due=reminds and later.exists(),
        invited=reminds and sent.exists(),
    )


def mark_sent(mail: PatientMail, *, at: datetime) -> None:
    """Say that the mail server took it."""
    _settle(mail, "SENT", at=at, sent_at=at, last_error="")


def put_off(mail: PatientMail, *, error: str, at: datetime) -> None:
    """Try again later, a little later each time; after the last try, give up."""
    again = next_try(planning_policy(), attempts=mail.attempts, at=at)
    if again is None:
        return give_up(mail, error=error, at=at)
    owed = PatientMail.objects.filter(id=mail.id, next_at__isnull=False)
    owed.update(next_at=again, last_error=error[:200])
    return None


def wait_for_server(*, error: str, at: datetime) -> None:
    """Let all that is due wait a moment; that is no try of theirs. Its next turn comes
    before that of a mail at which the server hangs up each time."""
    wait = timedelta(seconds=planning_policy().mail_first_wait_seconds)
    due = PatientMail.objects.filter(next_at__lte=at)
    due.update(next_at=at + wait, last_error=error[:200])


def give_up(mail: PatientMail, *, error: str, at: datetime) -> None:
    """Stop trying; the patient's page says so, with a button to try again."""
    _settle(mail, "FAILED", at=at, failed_at=at, last_error=error[:200])


@transaction.atomic
def _settle(mail: PatientMail, what: str, *, at: datetime, **fields: object) -> None:
    owed = PatientMail.objects.filter(id=mail.id, next_at__isnull=False)
    if owed.update(next_at=None, **fields):
        _note(mail, what, by=SENDER, at=at)


def _note(mail: PatientMail, what: str, *, by: audit.Actor, at: datetime) -> None:
    audit.record(
        clinic_id=mail.clinic_id,
        kind=f"PATIENT_MAIL_{what}",
        by=by,
        at=at,
        object_type="screening",
        object_id=mail.screening_id,
        detail={"mail": str(mail.id), "kind": mail.kind, "attempts": mail.attempts},
    )


@transaction.atomic
def try_again(*, mail: PatientMail, by: User, at: datetime) -> None:
    """Owe a mail that failed once more, with the link that it had.

    Raises MailNotOwed where it did not fail, or was tried again already.
    """
    check_can(by, Permission.INVITE)
    if by.clinic_id != mail.clinic_id:
        raise PermissionRefused("This mail belongs to another clinic.")
    failed = PatientMail.objects.filter(id=mail.id, failed_at__isnull=False)
    again = {"next_at": at, "failed_at": None, "attempts": 0, "last_error": ""}
    if not failed.update(**again):
        raise MailNotOwed("This e-mail is on its way already.")
    _note(mail, "TRIED_AGAIN", by=audit.Actor.staff(by), at=at)
