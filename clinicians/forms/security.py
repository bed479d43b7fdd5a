"""What is typed for an emergency access and for looking into one."""

from django import forms

from clinicians.definitions import security_policy

LONGEST = 2000


def _words(label: str, *, least: int, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        min_length=least,
        max_length=LONGEST,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
        error_messages={
            "required": "Say it in a few words.",
            "min_length": f"Say it in a few words, at least {least} characters.",
        },
    )


class EmergencyForm(forms.Form):
    """Why the record is needed now."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["reason"] = _words(
            "Why do you need this record now?",
            least=security_policy().reason_length,
            hint="A supervisor reads this. Say what happened, not what you expect to find.",
        )


class SignOffForm(forms.Form):
    """What was found by whoever looked into it."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["note"] = _words(
            "What did you find?",
            least=security_policy().note_length,
            hint="Whether it was justified, whom you asked, and what follows.",
        )
