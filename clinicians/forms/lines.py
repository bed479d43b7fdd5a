"""The form of somebody who tried a crisis line."""

from django import forms

from clinicians.actions.lines import Check
from clinicians.forms.patients import day, line

OUTCOMES = [("works", "It works"), ("fails", "It does not work")]


class LineCheckForm(forms.Form):
    """When, who, and what came of it."""

    on = day("Day on which it was tried")
    name = line("Who tried it")
    outcome = forms.ChoiceField(
        label="What came of it",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it."},
    )

    def check(self) -> Check:
        """What was typed, as a value; call it on a valid form only."""
        given = self.cleaned_data
        works = given["outcome"] == "works"
        return Check(on=given["on"], name=given["name"], works=works)
