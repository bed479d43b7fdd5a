"""What is typed as lines of text and kept as a list: addresses, holidays, hours."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


class LinesField(forms.CharField):
    """Several entries, one a line."""

    widget = forms.Textarea(attrs={"rows": 2, "class": "input"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        entries = (super().clean(value) or "").split()
        return list(dict.fromkeys(self.read(entry) for entry in entries))

    def read(self, entry: str) -> str:
        """Return the entry as it is kept, or raise ValidationError."""
        return entry


class AddressesField(LinesField):
    """E-mail addresses, one a line."""

    def read(self, entry: str) -> str:
        try:
            validate_email(entry)
        except ValidationError as error:
            raise ValidationError(f"{entry} is not an e-mail address.") from error
        return entry


class DaysField(LinesField):
    """Dates, one a line, in one way to write them."""

    def clean(self, value: Any) -> list[str]:
        return sorted(super().clean(value))

    def read(self, entry: str) -> str:
        try:
            # Python reads 20261225 and 2026-W52-5 too; the next reader may not.
            known = date.fromisoformat(entry).isoformat() == entry
        except ValueError:
            known = False
        if not known:
            raise ValidationError(f"Write a day as 2026-12-25, not {entry}.")
        return entry


def zone_choices(current: str) -> list[tuple[str, str]]:
    """Places by name; a zone that is no place only if the clinic has it already."""
    places = {z for z in available_timezones() if "/" in z and z[:4] != "Etc/"}
    return [(zone, zone.replace("_", " ")) for zone in sorted(places | {current})]


def read_windows(text: str) -> list[list[str]]:
    """`09:00-12:30, 13:30-17:00` as the clinic stores it; odd times are refused later."""
    windows = [part.strip() for part in text.replace("–", "-").split(",")]
    return [
        [side.strip() for side in f"{part}-".split("-")[:2]] for part in windows if part
    ]
