"""Why a dangerous change is made, in a few sentences that are kept for good."""

from django import forms

from clinicians.definitions import settings_policy


class ChangeReasonForm(forms.Form):
    """The reason beside the boxes that are ticked."""

    reason = forms.CharField(
        label="Why",
        help_text="Kept in the history for good. Write nothing about a patient.",
        error_messages={"required": "Write why you change this."},
        max_length=settings_policy().limits["reason_letters"].most,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )
