"""The forms of passkeys: made, named, and what does not hold noted in the audit log."""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from config.signlog import note_failed_passkey
from core.permissions import remember_second_factor

NAME_LENGTH = 60


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """Every passkey can be used to sign in without a password; making it has shown it."""

    name = forms.CharField(
        label="Name",
        required=False,
        help_text="So that you tell them apart. For example: work laptop.",
        widget=forms.TextInput(attrs={"maxlength": NAME_LENGTH, "autocomplete": "off"}),
    )
    passwordless = forms.BooleanField(required=False)

    def clean_name(self) -> str:
        """Cut, not refused: the browser has made the passkey by now."""
        return str(super().clean_name())[:NAME_LENGTH]

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ValueError, KeyError) as error:
            # What no browser makes; the library lets its decoder's own errors through.
            raise forms.ValidationError("This passkey cannot be read.") from error
        if cleaned.get("credential"):
            remember_second_factor(context.request, self.user)
        return cleaned


class RenamePasskey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label="Name", max_length=NAME_LENGTH)


class _Noted(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The library tells of a code that does not hold, but not of a passkey."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except forms.ValidationError:
            note_failed_passkey(self.user)
            raise


class ShowPasskey(_Noted):
    """As the second factor, after a password."""


class SignInByPasskey(_Noted, LoginWebAuthnForm):  # type: ignore[misc]
    """By itself."""


class ShowPasskeyAgain(_Noted, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Before a dangerous act."""
