"""Mail leaves by one door, whose errors say whether to try again."""

import smtplib

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from core import mail


def failing(monkeypatch, error):
    def send(self):
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def send(to="a@example.org", subject="New work"):
    mail.send(to=to, subject=subject, body="Look in the queue.")


def test_send_hands_over_one_message(settings):
    send(to=["a@example.org", "b@example.org"])
    assert outbox.outbox[0].to == ["a@example.org", "b@example.org"]
    assert outbox.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"refused"), True),
        (smtplib.SMTPAuthenticationError(535, b"who?"), False),
        (smtplib.SMTPSenderRefused(550, b"not you", "us@example.org"), False),
        (smtplib.SMTPConnectError(554, b"not from here"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
    ],
)
def test_send_says_whether_to_try_again(monkeypatch, error, permanent):
    failing(monkeypatch, error)
    with pytest.raises(mail.MailFailed) as caught:
        send()
    assert caught.value.permanent is permanent


@pytest.mark.parametrize("fields", [{"to": []}, {"subject": "a\nBcc: b@example.org"}])
def test_send_refuses_what_can_never_leave(fields):
    with pytest.raises(mail.MailFailed) as caught:
        send(**fields)
    assert caught.value.permanent


def test_same_key_is_the_same_message_to_whoever_receives_it():
    for key in ("mail:1", "mail:1", "mail:2"):
        mail.send(to="a@example.org", subject="New", body="Look.", keys=[key])
    first, second, other = [m.message()["Message-ID"] for m in outbox.outbox]
    assert first == second != other
    assert "mail:1" not in first
    assert outbox.outbox[0].message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("error", "reached"),
    [(smtplib.SMTPDataError(450, b"later"), True), (TimeoutError(), False)],
)
def test_failure_says_whether_the_server_was_reached(monkeypatch, error, reached):
    failing(monkeypatch, error)
    with pytest.raises(mail.MailFailed) as failed:
        send()
    assert failed.value.reached is reached
