"""Whether a mail to a patient may still go out, and when one that failed is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clinicians.workflow.planning import PlanningPolicy

_DOUBLINGS = 20


def next_try(policy: PlanningPolicy, *, attempts: int, at: datetime) -> datetime | None:
    """When a mail that failed is tried again; None once it was tried often enough."""
    if attempts >= policy.mail_attempts:
        return None
    wait = policy.mail_first_wait_seconds * 2 ** min(attempts - 1, _DOUBLINGS)
    return at + timedelta(seconds=min(wait, policy.mail_longest_wait_seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """What decides whether a mail to a patient may still go out."""

    reminder_day: int | None
    patient_active: bool
    wants_reminders: bool
    begun: bool
    over: bool
    link_works: bool
    reminder_days: tuple[int, ...]
    newer_due: bool
    invited: bool


def why_not(facts: MailFacts) -> str:
    """Why it is not sent any more, in a sentence for staff; empty if it is sent."""
    reasons = [
        (not facts.patient_active, "The patient's record is not active."),
        (facts.over, "The screening was over."),
        (not facts.link_works, "The link had stopped working."),
        (facts.begun, "The patient had begun."),
    ]
    if facts.reminder_day is not None:
        reasons += [
            (not facts.wants_reminders, "The patient does not want reminders."),
            (
                facts.reminder_day not in facts.reminder_days,
                "The clinic no longer reminds on this day.",
            ),
            (not facts.invited, "The invitation had not gone out before."),
            (facts.newer_due, "A later reminder was due as well."),
        ]
    return next((sentence for holds, sentence in reasons if holds), "")
