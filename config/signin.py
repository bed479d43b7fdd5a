"""How django-allauth is fitted to this product: mail, secrets, second factor."""

import logging
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core import crypto, mail
from core.models import User
from core.permissions import remember_second_factor

log = logging.getLogger(__name__)
# allauth names no row when it asks to seal a secret, so the table must do.
SECRET = "mfa_authenticator.data"  # noqa: S105 - a place, not a password


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; mail leaves by our one door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        context = {"email": email, "ip": "", "user_agent": "", **context}
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        body = render_to_string(f"{template_prefix}_message.txt", context)
        try:
            mail.send(to=email, subject=" ".join(subject.split()), body=body.strip())
        except mail.MailFailed:
            # The page says the same whether or not the mail left.
            log.exception("mail not sent: %s", template_prefix)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds are sealed at rest, and the last second factor cannot be taken away."""

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, context=SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.open_sealed(encrypted_text, context=SECRET)

    def build_totp_svg(self, url: str) -> SafeString:
        """Drawn into the page: the content policy allows no data: picture."""
        picture = segno.make(url).svg_inline(scale=5, light="#fff", dark="#000")
        return mark_safe(picture)  # noqa: S308 - segno's own drawing

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return False


@receiver([authenticator_added, authenticator_used])
def note_second_factor(
    request: HttpRequest, user: AbstractBaseUser, **_kwargs: object
) -> None:
    """allauth tells of a shown factor by signal only; the session keeps it."""
    if isinstance(user, User):
        remember_second_factor(request, user)
