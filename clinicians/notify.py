"""The words of every mail and webhook, and the doors they leave by.

None says anything of health.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, translation

from clinicians.models import Notice, PatientMail
from core import mail, webhook
from core.crypto import CannotRead
from core.mail import MailFailed
from core.models import Clinic, EmergencyAccess, User
from core.webhook import WebhookFailed
from screening.actions import token_of

__all__ = [
    "MailFailed",
    "WebhookFailed",
    "by_recipient",
    "deliver",
    "deliver_to_patient",
    "deliver_webhooks",
    "sealed_off",
    "send_account",
    "send_emergency",
    "summary",
]

log = logging.getLogger(__name__)


def sealed_off(notices: Iterable[Notice]) -> list[Notice]:
    """Return those whose address no key of ours opens any more."""

    def closed(notice: Notice) -> bool:
        try:
            return not notice.recipient
        except CannotRead:
            return True

    return [notice for notice in notices if closed(notice)]


def by_recipient(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Put together what one person is owed by one clinic: one message, not five.

    Every address has to be readable: `sealed_off` says which are not.
    """

    def whose(notice: Notice) -> tuple[str, str]:
        return str(notice.episode.clinic_id), notice.recipient.lower()

    groups = groupby(sorted(notices, key=whose), key=whose)
    return [list(group) for _, group in groups]


def deliver(notices: Sequence[Notice], *, at: datetime) -> None:
    """Send one message for these notices, all owed to one person.

    Returns when the mail server took it; raises MailFailed. Never called inside a
    transaction: a mail server may take its time.
    """
    clinic = notices[0].episode.clinic
    line = summary([n.episode.due_at for n in notices], zone=clinic.zone, at=at)
    body = render_to_string(
        "mail/notice.txt",
        {
            "summary": line,
            "link": f"{settings.BASE_URL}{reverse('clinicians:queue')}",
            "minutes": clinic.escalate_minutes,
        },
    )
    keys = [notice.key for notice in notices]
    mail.send(to=notices[0].recipient, subject=line, body=body, keys=keys)


def deliver_webhooks(
    notices: Sequence[Notice], *, at: datetime
) -> dict[str, WebhookFailed | None]:
    """Send each to its receiver; by the notice's key, why it failed or None.

    Takes no longer than one receiver may take. Never called inside a transaction.
    """
    said: dict[str, WebhookFailed | None] = {}
    messages = []
    for notice in notices:
        try:
            messages.append(_webhook(notice, at=at))
        except WebhookFailed as error:
            said[notice.key] = error
        except Exception:
            # Whatever is wrong with one clinic's entries holds up no other clinic.
            log.exception("webhook of notice %s cannot be made", notice.id)
            said[notice.key] = WebhookFailed("The message could not be made.")
    return said | webhook.send_all(messages, at=at)


def _webhook(notice: Notice, *, at: datetime) -> webhook.Message:
    clinic, due = notice.episode.clinic, notice.episode.due_at
    try:
        secrets = clinic.webhook_secret.split()
    except CannotRead as error:
        raise WebhookFailed("The signing secret cannot be read.") from error
    if not secrets:
        raise WebhookFailed("No signing secret was made yet.")
    local = due.astimezone(clinic.zone)
    body = {
        "type": "review.due",
        "timestamp": at.isoformat(),
        "count": 1,
        "by": f"{local:%H:%M} {clinic.time_zone}",
        "due_at": local.isoformat(),
        "summary": summary([due], zone=clinic.zone, at=at),
        "step": notice.step,
        "link": f"{settings.BASE_URL}{reverse('clinicians:queue')}",
    }
    return webhook.Message(
        url=notice.recipient,
        id=notice.key,
        body=json.dumps(body).encode(),
        secrets=secrets,
    )


def summary(due: Sequence[datetime], *, zone: ZoneInfo, at: datetime) -> str:
    """Say how many and by when, in the clinic's own time: the whole message."""
    first = min(due).astimezone(zone)
    now = at.astimezone(zone)
    # A day's name is enough within a week and says nothing that a date does not.
    moment = f"{first:%H:%M %Z}"
    if first.date() != now.date():
        moment = f"{first:%H:%M %Z} on {first:%a} {first.day} {first:%b}"
    items = "1 item needs" if len(due) == 1 else f"{len(due)} items need"
    late = ", which has passed" if first <= now else ""
    first_of = "" if len(due) == 1 else ", the first"
    return f"{items} review{first_of} by {moment}{late}"


def deliver_to_patient(owed: PatientMail) -> None:
    """Send a patient an invitation or a reminder; raises MailFailed.

    Neither the clinic's name nor anything about health stands in it: a phone shows
    a mail's first words to whoever is near. Never called inside a transaction.
    """
    screening, patient = owed.screening, owed.screening.patient
    try:
        # Of a record that was merged since, the one that stays is kept up to date.
        address = patient.stays.email or patient.email
    except CannotRead as error:
        raise MailFailed("The address cannot be read.", permanent=True) from error
    token = token_of(owed.invitation) if owed.invitation else None
    if not address or token is None or owed.invitation is None:
        why = "There is no e-mail address." if not address else "The link is gone."
        raise MailFailed(why, permanent=True)
    until = owed.invitation.expires_at.astimezone(screening.clinic.zone)
    with translation.override(screening.language.lower()):
        text = render_to_string(
            f"mail/patient_{owed.kind.lower()}.txt",
            {
                "phone": screening.clinic.phone,
                "link": f"{settings.BASE_URL}{reverse('invitation', args=[token])}",
                "until": formats.date_format(until.date(), "DATE_FORMAT"),
                "code": bool(owed.invitation.code_hash),
            },
        )
    subject, _, body = text.partition("\n")
    mail.send(to=address, subject=subject, body=body.lstrip("\n"), keys=[owed.key])


def send_emergency(
    *, to: Sequence[str], clinic: Clinic, opened: Sequence[EmergencyAccess]
) -> None:
    """Tell the supervisors that records were opened; raises MailFailed."""
    count = len(opened)
    line = "1 emergency access" if count == 1 else f"{count} emergency accesses"
    path = reverse("clinicians:emergencies")
    link = f"{settings.BASE_URL}{path}"
    values = {"clinic": clinic.name, "summary": line, "link": link}
    body = render_to_string("mail/emergency.txt", values)
    keys = [access.key for access in opened]
    mail.send(to=to, subject=f"{line} to look into", body=body, keys=keys)


def send_account(*, user: User, clinic: Clinic, link: str) -> None:
    """Send somebody new the one-time link that sets their password."""
    body = render_to_string(
        "mail/account.txt", {"name": user.name, "clinic": clinic.name, "link": link}
    )
    mail.send(to=user.email, subject=f"Your account at {clinic.name}", body=body)
