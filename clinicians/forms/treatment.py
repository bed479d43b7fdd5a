"""The form of a treatment event: what, when, and a few words."""

from typing import Any

from django import forms

from clinicians.actions.treatment import LONGEST_TEXT
from clinicians.definitions import treatment_kinds
from clinicians.forms.handing import offer
from clinicians.forms.patients import day, line


class TreatmentForm(forms.Form):
    """Something in a patient's care that explains a change of the course."""

    kind = forms.ChoiceField(
        label="What happened?", widget=forms.Select(attrs={"class": "input"})
    )
    happened_on = day("On which day?")
    text = line("Note", required=False, longest=LONGEST_TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = treatment_kinds().labels.items()
        offer(self, "kind", [("", "Choose what happened"), *kinds])
