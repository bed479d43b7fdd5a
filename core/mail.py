"""The one door for mail: `send` returns when the server took it, else MailFailed.

Messages are neutral by contract: no name, score or word of a patient goes in.
"""

import hashlib
import smtplib
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

# What one message speaks for, so that a receiver knows it again.
KEYS_HEADER = "X-Notice-Keys"


class MailFailed(Exception):
    """`permanent` means that trying again will not help; `reached`, that the mail
    server was, so that another message may well go through."""

    def __init__(self, sentence: str, *, permanent: bool, reached: bool = True) -> None:
        super().__init__(sentence)
        self.permanent, self.reached = permanent, reached


def send(
    *, to: str | Sequence[str], subject: str, body: str, keys: Sequence[str] = ()
) -> None:
    """`keys` stay the same however often a message is sent: they are its identity."""
    recipients = [to] if isinstance(to, str) else list(to)
    if not recipients:
        raise MailFailed("Nobody to send to.", permanent=True)
    try:
        headers = _identity(keys) if keys else {}
        message = EmailMessage(
            subject=subject, body=body, to=recipients, headers=headers
        )
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        raise MailFailed(
            "The mail server refused the address.",
            permanent=all(c >= 500 for c in codes),
        ) from error
    except smtplib.SMTPResponseException as error:
        raise MailFailed(
            f"The mail server answered {error.smtp_code}.",
            # What is refused before the message itself is about us: our sign-in or
            # our own address, which somebody will mend.
            permanent=isinstance(error, smtplib.SMTPDataError)
            and error.smtp_code in (550, 551, 553, 554),
        ) from error
    except OSError as error:  # smtplib's other errors are OSErrors too
        raise MailFailed(
            "The mail server was not reached.", permanent=False, reached=False
        ) from error
    except ValueError as error:  # a line break in an address or subject
        raise MailFailed("The message has a bad header.", permanent=True) from error


def _identity(keys: Sequence[str]) -> dict[str, str]:
    """A second copy after a crash has the Message-ID of the first: mailboxes that
    know it show one message."""
    known = sorted(keys)
    digest = hashlib.sha256("\n".join(known).encode()).hexdigest()[:32]
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return {
        "Message-ID": f"<{digest}@{host}>",
        KEYS_HEADER: ", ".join(known),
        # Nobody's absence notice is to come back to us.
        "Auto-Submitted": "auto-generated",
    }
