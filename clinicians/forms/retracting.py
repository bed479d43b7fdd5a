"""The form by which a screening is marked as entered in error."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.definitions import retract_reasons
from clinicians.forms.cases import text_area
from clinicians.forms.handing import offer


class RetractForm(forms.Form):
    """Why, in one of the reasons of the data file, and in words where that needs it."""

    reason = forms.ChoiceField(
        label="Why is it entered in error?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it is entered in error."},
    )
    note = text_area(
        "What happened",
        required=False,
        hint="Stays in the record here and is not sent to other systems. "
        "Needed for another reason than those named.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reason", list(retract_reasons().labels.items()))

    def clean_note(self) -> str:
        """Refuse a reason that says nothing without words of its own."""
        note = str(self.cleaned_data["note"]).strip()
        if self.cleaned_data.get("reason") in retract_reasons().noted and not note:
            raise ValidationError("Write what happened: this reason does not say it.")
        return note
