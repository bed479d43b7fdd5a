"""How django-allauth is fitted to this product: mail, secrets, second factor."""

import logging
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from config.sessions import SIGNED_IN_AT
from core import crypto, mail
from core.models import User
from core.permissions import remember_second_factor
from core.views import renew_session

log = logging.getLogger(__name__)
WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code of your app",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
# allauth names no row when it asks to seal a secret, so the table must do.
SECRET = "mfa_authenticator.data"  # noqa: S105 - a place, not a password


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; mail leaves by our one door."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right. "
        "Try again, or choose “Forgot your password?”.",
        "rate_limited": "Too many tries. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        values = {"email": email, **context}
        subject = render_to_string(f"{template_prefix}_subject.txt", values)
        body = render_to_string(f"{template_prefix}_message.txt", values)
        try:
            mail.send(to=email, subject=" ".join(subject.split()), body=body.strip())
        except mail.MailFailed:
            # The page says the same whether or not the mail left.
            log.exception("mail not sent: %s", template_prefix)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        shown = bool(super().reauthenticate(user, password))
        if shown:
            renew_session(self.request)
        return shown

    def get_reauthentication_methods(
        self, user: AbstractBaseUser
    ) -> list[dict[str, Any]]:
        """In the words that our own pages use."""
        methods = super().get_reauthentication_methods(user)
        return [{**one, "description": WAYS[one["id"]]} for one in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago is not asked again who they are."""
        began = self.request.session.get(SIGNED_IN_AT, 0)
        if (
            timezone.now().timestamp() - began
            < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        ):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds are sealed at rest, and the last second factor cannot be taken away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Incorrect code. Each holds for half a minute, and once: "
        "wait for the next one and write that, or use a recovery code.",
    }

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, context=SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.open_sealed(encrypted_text, context=SECRET)

    def build_totp_svg(self, url: str) -> SafeString:
        """Drawn into the page: the content policy allows no data: picture."""
        picture = segno.make(url).svg_inline(scale=5, light="#fff", dark="#000")
        return mark_safe(picture)  # noqa: S308 - segno's own drawing

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Our own page does it, which looks that one stays."""
        return False

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 - the library's name for it
    ) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The browser shows this name when it asks for the passkey."""
        entity = dict(super().get_public_key_credential_rp_entity())
        return {**entity, "name": settings.PRODUCT_NAME}


class ActivateTOTP(ActivateTOTPForm):  # type: ignore[misc]
    """The code that sets the factor up has shown it, too."""

    def clean_code(self) -> str:
        code = str(super().clean_code())
        remember_second_factor(context.request, self.user)
        return code


@receiver(authenticator_used)
def note_second_factor(
    request: HttpRequest,
    user: AbstractBaseUser,
    *,
    reauthenticated: bool = False,
    **_kwargs: object,
) -> None:
    """allauth tells of a shown factor by signal only; the session keeps it."""
    if isinstance(user, User):
        remember_second_factor(request, user)
        if reauthenticated:
            renew_session(request)
