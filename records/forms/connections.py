"""A new connection, another token for one, and ending one."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from core.webhook import AddressRefused, check_address
from records.client import check_target
from records.models import Destination
from records.outbox.destinations import Wanted

Kind = Destination.Kind
# Earlier than any result there is.
EVER = datetime(2000, 1, 1, tzinfo=UTC)
OWN_NETWORK = (
    "A system on your own network has to be allowed by whoever runs this one "
    "(RECORDS_HOSTS)."
)
HOW_IT_BEGINS = {
    Kind.FHIR: ("https", "http"),
    Kind.WEBHOOK: ("https", "http"),
    Kind.HL7_MLLP: ("mllps", "mllp"),
}
TEXT = {"class": "input", "autocomplete": "off"}


def _line(label: str, *, longest: int, hint: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=hint,
        widget=forms.TextInput(attrs=TEXT),
        **more,
    )


def _token(hint: str) -> forms.CharField:
    return _line("Token", longest=4000, hint=hint, required=False)


def _tick(label: str, missing: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": missing})


class ConnectionForm(forms.Form):
    """Where results go from now on."""

    kind = forms.ChoiceField(
        label="What kind of system is it?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of system it is."},
    )
    name = _line("Name", longest=100, hint="What you call it, such as “Hospital EHR”.")
    address = _line(
        "Address",
        longest=500,
        required=False,
        hint="https://ehr.example.org/fhir for a FHIR server, https://… for a webhook, "
        "mllps://ehr.example.org:2575 for HL7 v2. Leave it empty for files.",
    )
    secret = _token(
        "Only for a FHIR server that asks for one. It is stored encrypted and not shown "
        "again."
    )
    since = forms.ChoiceField(
        label="Which results?",
        choices=[
            ("now", "Those finished or amended from now on"),
            ("ever", "All that there are, too"),
        ],
        initial="now",
        widget=forms.RadioSelect,
    )
    understood = _tick(
        "I have made sure that this system may receive all of this",
        "Make sure of this first, and tick the box.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, address = given.get("kind"), given.get("address", "")
        if kind and "address" not in self.errors:
            self._check(Kind(kind), address)
        if given.get("secret") and kind and kind != Kind.FHIR:
            self.add_error("secret", "Only a FHIR server has a token.")
        return given

    def _check(self, kind: Kind, address: str) -> None:
        begins = HOW_IT_BEGINS.get(kind)
        if begins is None:
            if address:
                self.add_error("address", "Files have no address. Leave it empty.")
            return
        try:
            if urlsplit(address).scheme not in begins:
                self.add_error("address", f"The address begins with {begins[0]}://.")
                return
            if kind == Kind.WEBHOOK:
                check_address(address)
            else:
                check_target(address)
        except AddressRefused as error:
            # A webhook goes to public addresses only, whoever runs this one.
            hint = "" if kind == Kind.WEBHOOK else f" {OWN_NETWORK}"
            self.add_error("address", f"{error}{hint}")
        except ValueError as error:
            raise ValidationError("This is no address.") from error

    def wanted(self, *, secret: str, at: datetime) -> Wanted:
        """What was asked for; call it on a valid form only."""
        given = self.cleaned_data
        return Wanted(
            kind=Kind(given["kind"]),
            name=given["name"],
            address=given["address"],
            secret=secret or given["secret"],
            since_at=at if given["since"] == "now" else EVER,
        )


class TokenForm(forms.Form):
    """Another token for a FHIR server."""

    secret = _token("It is stored encrypted and not shown again.")


class EndForm(forms.Form):
    """Nothing goes there any more."""

    understood = _tick(
        "Stop what is still waiting, and forget the secret",
        "Tick the box to end the connection.",
    )
