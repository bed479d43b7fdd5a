"""A program that may read or send: its name, what it may do, and its public keys."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core import webhook
from records.crypto import KeysRefused, read_keys
from records.definitions import api_policy
from records.permissions import served

# What each resource holds, in words for whoever decides.
HOLDS = {
    "AuditEvent": "who read or changed what",
    "Communication": "whom the clinic told of a case",
    "Consent": "what patients agreed to",
    "Endpoint": "where results go, and what became of each delivery",
    "Flag": "why a case is open",
    "Observation": "scores and single answers",
    "Patient": "names, birth dates and record numbers",
    "Provenance": "how each result came to be",
    "Questionnaire": "the questionnaires themselves",
    "QuestionnaireResponse": "filled-in questionnaires",
    "Subscription": "what this program itself asked to be told of",
    "ServiceRequest": "who was asked what, and how far it came",
    "Task": "orders and reviews, and how far they came",
}
MAKES = {
    "Questionnaire": "Send a new questionnaire, to be reviewed",
    "QuestionnaireResponse": "Send filled-in questionnaires, to be scored and flagged",
    "ServiceRequest": "Order a screening",
    "Subscription": "Be told of what it may read, at an address of its own",
    "Task": "Order a screening, as a task",
}


CHANGES = {
    "Endpoint": "Send once more what another system refused",
    "ServiceRequest": "Take back the invitation to a screening",
}
PRIVATE_KEY = (
    "This holds a private key. Nobody but the program may have it: "
    "make a new pair, and give only the public half, as a JWKS."
)
# The member of a JWK that only a private one has (RFC 7518, 6.2.2 and 6.3.2).
PRIVATE_MEMBER = re.compile(r'"d"\s*:')
PEM_KEY = (
    "This is a key as PEM, not as JWKS. docs/api.md has the command that turns it "
    "into one, under Connecting."
)


def scope_choices() -> list[tuple[str, str]]:
    """Every scope that can be given, in words: reading first, then what is sent in."""
    there = served()
    reading = [
        (f"system/{name}.rs", f"Read {HOLDS.get(name, name)} ({name})")
        for name, letters in there.items()
        if "r" in letters
    ]
    making = [
        (
            f"system/{name}.{_sent(letters)}",
            f"{MAKES.get(name, f'Send {name}')} ({name})",
        )
        for name, letters in there.items()
        if "c" in letters
    ]
    changing = [
        (f"system/{name}.u", f"{CHANGES.get(name, f'Change {name}')} ({name})")
        for name, letters in there.items()
        if "u" in letters
    ]
    return reading + making + changing


def _sent(letters: str) -> str:
    """Who may make something may change and end it, where that can be done at all."""
    return "".join(letter for letter in "cud" if letter in letters)


def _why_no_json(typed: str) -> str:
    """What key tools write is told apart from a JWKS that was copied in part."""
    if "PRIVATE KEY-----" in typed:
        return PRIVATE_KEY
    if "-----BEGIN" in typed:
        return PEM_KEY
    return "This is no JSON. Paste the whole JWKS."


class KeysForm(forms.Form):
    """The program's public keys: pasted here, or where it publishes them."""

    jwks_url = forms.CharField(
        label="Address of its keys (JWKS URL)",
        required=False,
        max_length=500,
        help_text="Begins with https://. The better choice: the program can change its "
        "keys without you.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    jwks = forms.CharField(
        label="Or the keys themselves (JWKS)",
        required=False,
        max_length=60_000,
        help_text='JSON such as {"keys": […]}. Public keys only: RSA for RS384, or EC '
        "P-384 for ES384.",
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )

    def clean_jwks_url(self) -> str:
        url: str = self.cleaned_data["jwks_url"].strip()
        if url:
            try:
                webhook.check_address(url)
            except webhook.AddressRefused as error:
                raise ValidationError(
                    "This is no address that keys can be read at: it begins with "
                    "https:// and names a public server."
                ) from error
        return url

    def clean_jwks(self) -> dict[str, Any] | None:
        typed = self.cleaned_data["jwks"].strip()
        if not typed:
            return None
        self._forget_private(typed)
        try:
            document = json.loads(typed)
        except (ValueError, RecursionError) as error:
            raise ValidationError(_why_no_json(typed)) from error
        try:
            return {"keys": read_keys(document, most=api_policy().keys_most)}
        except KeysRefused as error:
            raise ValidationError(str(error)) from error

    def _forget_private(self, typed: str) -> None:
        """A private key that was pasted by mistake is not shown again on the page."""
        if "PRIVATE KEY-----" in typed or PRIVATE_MEMBER.search(typed):
            shown = QueryDict(mutable=True)
            shown.update(self.data)
            shown[self.add_prefix("jwks")] = ""
            self.data = shown

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        both = given.get("jwks_url"), given.get("jwks")
        if not self.errors and bool(both[0]) == (both[1] is not None):
            raise ValidationError("Give the address or the keys, one of them.")
        return given


class ClientForm(KeysForm):
    """A new program."""

    name = forms.CharField(
        label="Name of the program",
        max_length=100,
        help_text="As your colleagues know it. The audit log shows it.",
        error_messages={"required": "Give the program a name."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do in this clinic",
        help_text="As little as it needs. It cannot be widened later: connect it anew.",
        error_messages={"required": "Tick at least one thing that it may do."},
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["name", "scopes", "jwks_url", "jwks"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scope_choices()  # type: ignore[attr-defined]


class UnderstoodForm(forms.Form):
    """A danger that has to be ticked before it is done."""

    understood = forms.BooleanField(
        label="I know that this program stops working at once",
        error_messages={"required": "Tick this first: it cannot be taken back."},
    )
