"""The forms of a case: note, contact, closing, a reason."""

from typing import Any

from django import forms

from clinicians.definitions import review_policy
from screening.domain.rules import Tier

LONGEST = 5000


def text_area(label: str, *, required: bool, hint: str = "") -> forms.CharField:
    """A box for a few lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )


class NoteForm(forms.Form):
    """A note on the case."""

    text = text_area("Note", required=True)


class ReasonForm(forms.Form):
    """Why a case is given back or reopened."""

    reason = text_area("Reason", required=False)


class ContactForm(forms.Form):
    """An attempt to reach the patient, or why there was none."""

    outcome = forms.ChoiceField(label="How did it end?", widget=forms.RadioSelect)
    text = text_area("Note", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = [(c.id, c.label) for c in review_policy().contacts]


class CloseForm(forms.Form):
    """How the case ended. `version` is the state that the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    disposition = forms.ChoiceField(
        label="How did this case end?", widget=forms.RadioSelect
    )
    note = text_area("What was done", required=False)

    def __init__(self, *args: Any, tier: Tier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["disposition"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = [(d.id, d.label) for d in review_policy().closing(tier)]


class ConfirmForm(forms.Form):
    """The second person's word; `version` is the state that they were looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = text_area("Note", required=False)
