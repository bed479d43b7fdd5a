"""What is typed as text and kept as something else: lines, lengths of time, zones."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

# Nobody waits for ten thousand hours.
_LENGTH = re.compile(r"(?:(?P<h>\d{1,4})\s*h)?\s*(?:(?P<m>\d{1,5})\s*min)?", re.ASCII)


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


class LengthField(forms.CharField):
    """A length of time in hours and minutes: `4 h`, `1 h 30 min`, `45 min`."""

    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off"})

    def clean(self, value: Any) -> int:
        typed = (super().clean(value) or "").strip().lower()
        found = _LENGTH.fullmatch(typed)
        minutes = 0
        if found and typed:
            minutes = int(found["h"] or 0) * 60 + int(found["m"] or 0)
        if not minutes:
            raise ValidationError(
                "Write a length of time as 4 h, 1 h 30 min or 45 min."
            )
        return minutes


def zone_choices(current: str) -> list[tuple[str, str]]:
    """Places by name; a zone that is no place only if the clinic has it already."""
    places = {z for z in available_timezones() if "/" in z and z[:4] != "Etc/"}
    return [(zone, zone.replace("_", " ")) for zone in sorted(places | {current})]
