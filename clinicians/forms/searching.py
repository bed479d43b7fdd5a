"""What is searched for in the list of patients, read before it is looked up."""

import re

from django import forms
from django.core.exceptions import ValidationError

from clinicians.forms.patients import no_control_characters

# Day and month could be either way round: a day that was guessed finds the wrong one.
_ODD_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
MONTHS, DAYS = 12, 31


class SearchForm(forms.Form):
    """One line: a name, a record number, or a birth date."""

    text = forms.CharField(
        label="Name, record number or birth date",
        max_length=100,
        validators=[no_control_characters],
        error_messages={"required": "Write whom you are looking for."},
        help_text="The beginning of a name is enough, from three letters on. "
        "A record number must be whole, a date like 1985-03-14.",
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    def clean_text(self) -> str:
        """Refuse a date that could be two days."""
        text: str = self.cleaned_data["text"].strip()
        odd = _ODD_DATE.fullmatch(text)
        if odd and looks_like_day(int(odd[1]), int(odd[3])):
            raise ValidationError(
                "Write the birth date as year-month-day, like 1985-03-14."
            )
        return text


def looks_like_day(one: int, other: int) -> bool:
    """Whether two numbers could be day and month, in either order."""
    small, large = sorted((one, other))
    return 1 <= small <= MONTHS and large <= DAYS
