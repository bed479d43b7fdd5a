"""A patient asks to be called: a flag at once, and the number to call."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from screening.actions import chain
from screening.actions.flagging import raise_flags
from screening.definitions import flag_rules
from screening.domain import flags
from screening.models import Episode, Flag, Screening


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call that a patient asked for and that nobody has dealt with yet."""

    tier: str
    at: datetime


def rules_for_calls() -> list[str]:
    """The ids of the rules that a request for a call raises."""
    return [rule.id for rule in flag_rules() if rule.kind == "call_asked"]


def call_waiting(screening: Screening) -> AskedCall | None:
    """The request that still waits: its case is not closed."""
    asked = Flag.objects.filter(screening=screening, rule__in=rules_for_calls())
    waiting = asked.exclude(episode__status=Episode.Status.CLOSED).last()
    return AskedCall(waiting.tier, waiting.raised_at) if waiting else None


@transaction.atomic
def ask_for_call(
    *, screening_id: uuid.UUID, callback_number: str, at: datetime
) -> Screening:
    """Put the patient in front of a person, whether or not there is a number yet.

    Asked again while it waits, it is the same request, perhaps with a number now; after
    its case was closed it is a new one. An open screening is no condition: whoever has
    a page left open may ask.
    """
    screening = (
        Screening.objects.select_for_update(of=("self",))
        .select_related("clinic")
        .get(id=screening_id)
    )
    by = Actor.patient(screening.patient_id)
    if call_waiting(screening) is None:
        before = Flag.objects.filter(screening=screening, rule__in=rules_for_calls())
        raised = flags.on_call_asked(flag_rules(), before=before.count())
        chain.note(screening, "CALL_ASKED", by=by, at=at)
        raise_flags(screening, raised, by=by, at=at)
    if callback_number and callback_number != screening.callback_number:
        screening.callback_number = callback_number
        given = {"given": ["callback_number"]}
        chain.note(screening, "CONTACT_GIVEN", by=by, at=at, detail=given)
    chain.save(screening, "callback_number")
    return screening
