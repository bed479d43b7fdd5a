"""From the second check to the first item: age, contact, consent, withdrawal."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from screening.actions import chain
from screening.actions.flagging import raise_flags
from screening.definitions import flag_rules
from screening.domain import flags
from screening.models import Screening
from screening.models.sitting import Sitting, load


class TooLate(ValueError):
    """The screening is over, so this can no longer be changed."""


def _locked(screening: Screening) -> Screening:
    fresh = (
        Screening.objects.select_for_update(of=("self",))
        .select_related("clinic", "patient")
        .get(id=screening.id)
    )
    if not fresh.is_open:
        raise TooLate("This screening is over.")
    return fresh


@transaction.atomic
def confirm_age(*, screening: Screening, adult: bool, at: datetime) -> Screening:
    """Record what the patient said at the age gate."""
    screening = _locked(screening)
    screening.adult_confirmed_at = at if adult else None
    screening.minor_stopped_at = None if adult else at
    kind = "AGE_CONFIRMED" if adult else "AGE_GATE_STOPPED"
    chain.note(screening, kind, by=Actor.patient(screening.patient_id), at=at)
    chain.save(screening, "adult_confirmed_at", "minor_stopped_at")
    return screening


@transaction.atomic
def save_about(
    *,
    screening: Screening,
    callback_number: str,
    whereabouts: str,
    emergency_contact: str,
    at: datetime,
) -> Screening:
    """Keep how to reach the patient, if need be; every part may be left empty.

    What is kept out of sight is not emptied by an empty box.
    """
    screening = _locked(screening)
    typed = {
        "callback_number": callback_number,
        "whereabouts": whereabouts,
        "emergency_contact": emergency_contact,
    }
    _keep_about(screening, typed, at=at)
    chain.note(
        screening,
        "CONTACT_GIVEN",
        by=Actor.patient(screening.patient_id),
        at=at,
        detail={"given": [name for name in typed if getattr(screening, name)]},
    )
    chain.save(screening, "about_seen_at", *typed)
    return screening


def _keep_about(
    screening: Screening, typed: Mapping[str, str], *, at: datetime
) -> None:
    hidden = screening.hides(screening.about_seen_at)
    for name, text in typed.items():
        if text or not hidden:
            setattr(screening, name, text)
    # As long as something stays hidden, so does that it was given then.
    if not hidden or all(typed.values()):
        screening.about_seen_at = at


@transaction.atomic
def give_consent(
    *, screening: Screening, version: str, ai_help: bool, at: datetime
) -> Screening:
    """Record consent with the version of the text that was shown.

    Help from a language model is a choice of its own; refusing costs nothing.
    """
    screening = _locked(screening)
    screening.consented_at = at
    screening.consent_version = version
    screening.ai_consent = ai_help and screening.clinic.ai_enabled
    if screening.status == Screening.Status.INVITED:
        screening.status = Screening.Status.CONSENTED
    chain.note(
        screening,
        "CONSENTED",
        by=Actor.patient(screening.patient_id),
        at=at,
        detail={"version": version, "ai_help": ai_help},
    )
    chain.save(screening, "consented_at", "consent_version", "ai_consent", "status")
    return screening


@transaction.atomic
def choose_ai_help(*, screening: Screening, wanted: bool, at: datetime) -> Screening:
    """Let a patient take the choice about a language model back, or make it late.

    It holds from the next words on; what was shown before stays in the record.
    """
    screening = _locked(screening)
    screening.ai_consent = wanted and screening.clinic.ai_enabled
    screening.ai_chosen_at = at
    chain.note(
        screening,
        "AI_HELP_CHOSEN",
        by=Actor.patient(screening.patient_id),
        at=at,
        detail={"ai_help": screening.ai_consent},
    )
    chain.save(screening, "ai_consent", "ai_chosen_at")
    return screening


@transaction.atomic
def show_earlier(*, screening: Screening, at: datetime) -> Screening:
    """Show what was answered before this opening of the link, as the patient wishes."""
    screening = _locked(screening)
    if screening.earlier_shown_at is not None:
        return screening
    screening.earlier_shown_at = at
    by = Actor.patient(screening.patient_id)
    chain.note(screening, "EARLIER_ANSWERS_SHOWN", by=by, at=at)
    chain.save(screening, "earlier_shown_at")
    return screening


@transaction.atomic
def choose_way(*, screening: Screening, as_list: bool, at: datetime) -> Screening:
    """Remember whether the patient wants a plain list of pages or the conversation."""
    screening = _locked(screening)
    if screening.as_list == as_list:
        return screening
    screening.as_list = as_list
    chain.note(
        screening,
        "WAY_CHOSEN",
        by=Actor.patient(screening.patient_id),
        at=at,
        detail={"as_list": as_list},
    )
    chain.save(screening, "as_list")
    return screening


@transaction.atomic
def note_copy(*, screening: Screening, at: datetime) -> None:
    """Put on record that the patient took a copy of the answers along."""
    row = Screening.objects.select_for_update().get(id=screening.id)
    chain.note(row, "ANSWERS_COPIED", by=Actor.patient(row.patient_id), at=at)
    chain.save(row)


@transaction.atomic
def withdraw(*, screening: Screening, at: datetime) -> Screening:
    """End the screening at the patient's wish. Answers and flags stay."""
    sitting = load(screening.id, lock=True)
    if not sitting.screening.is_open:
        raise TooLate("This screening is over.")
    stop(
        sitting,
        Screening.Status.WITHDRAWN,
        by=Actor.patient(sitting.screening.patient_id),
        at=at,
    )
    return sitting.screening


_HOW: dict[Screening.Status, flags.How] = {
    Screening.Status.WITHDRAWN: "withdrawn",
    Screening.Status.EXPIRED: "expired",
}


def stop(
    sitting: Sitting,
    status: Screening.Status,
    *,
    by: Actor,
    at: datetime,
    how: flags.How | None = None,
) -> None:
    """Close an unfinished screening; what was answered still raises flags.

    The session lives on: whoever has a page open still gets help from it.
    """
    screening = sitting.screening
    screening.status = status
    screening.closed_at = at
    rules = flag_rules()
    for position, administration in enumerate(sitting.administrations):
        raised = flags.on_stop(
            rules,
            administration.instrument,
            sitting.answers(position),
            how=how or _HOW[status],
        )
        raise_flags(screening, raised, administration=administration, by=by, at=at)
    chain.note(screening, status.value, by=by, at=at)
    chain.save(screening, "status", "closed_at")
