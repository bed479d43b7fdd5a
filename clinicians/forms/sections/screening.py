"""Settings of screening: what is asked, and how long patients have."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.forms.sections.base import (
    SectionForm,
    chosen_from,
    number,
    refuse_beyond,
)
from clinicians.workflow.settings_words import LABELS
from screening import definitions


class DaysAfterField(forms.CharField):
    """Whole days, with commas between them: `3, 5`."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        words = (super().clean(value) or "").replace(",", " ").split()
        if not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError("Write days as whole numbers, like 3, 5.")
        found = sorted({int(word) for word in words})
        refuse_beyond("reminder_days", found, "reminders")
        return found


class ScreeningForm(SectionForm):
    """What patients are asked, and how long they have."""

    slug = "screening"
    title = "Screening"
    lead = "What patients are asked, and how long they have for it."
    names = (
        *("battery", "step_up", "step_safety", "prorate"),
        *("answer_window_hours", "invitation_days"),
        *("reminder_days", "kiosk_enabled", "patient_sees_score"),
    )

    battery = chosen_from("battery")
    step_up = forms.BooleanField(
        label="Let a short form lead on to its longer one",
        required=False,
    )
    step_safety = forms.BooleanField(
        label="Ask item 9 of the PHQ-9 whatever the first two items add up to",
        required=False,
        help_text="About thoughts of death or self-harm. Without it, only patients who "
        "reach the cut are asked.",
    )
    prorate = forms.BooleanField(
        label="Estimate a total when an answer or two are missing",
        required=False,
        help_text="The total then says so. Item 9 is never estimated.",
    )
    reminder_days = DaysAfterField(
        label="Days on which a patient who has not begun is reminded",
        required=False,
        help_text="Counted from the invitation, like 3, 5. Empty: no reminders.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    kiosk_enabled = forms.BooleanField(
        label="Let patients answer on a shared device in the clinic", required=False
    )
    patient_sees_score = forms.BooleanField(
        label="Show patients their totals at the end",
        required=False,
        help_text="With what a total can and cannot tell, and without a band.",
    )

    def build(self) -> None:
        self.fields["answer_window_hours"] = number(
            LABELS["answer_window_hours"],
            "answer_window_hours",
            "After that the answers are closed as expired, and the patient begins again.",
        )
        self.fields["invitation_days"] = number(
            LABELS["invitation_days"],
            "invitation_days",
            "A link that has not been opened by then leads nowhere.",
        )
        self.fields["step_up"].help_text = _steps()
        self.order_fields(list(self.names))
        self.offer("battery", questionnaires(self.values["battery"]))

    def clean(self) -> dict[str, Any]:
        """A reminder after the end of the invitation would lead nowhere."""
        given = super().clean() or {}
        last, days = given.get("invitation_days"), given.get("reminder_days") or []
        if last and any(not 1 <= day < last for day in days):
            self.add_error(
                "reminder_days",
                f"The invitation ends after {last} days: remind from day 1 to "
                f"{last - 1}, or leave this empty.",
            )
        return given


def _steps() -> str:
    """From which sum on which form follows, as the data have it."""
    found = [
        f"{rule.short.upper()} to {rule.long.upper()} from {rule.cut} on"
        for rule in definitions.step_rules()
    ]
    return (
        f"{', '.join(found)}. What was answered is kept and not asked again. It holds "
        "where a short form goes out by link, from the next invitation on."
    )


def questionnaires(battery: list[str]) -> list[tuple[str, str]]:
    """Everything that may go out by link, the clinic's own first, with what it asks."""
    shipped = {i.id: i for i in definitions.load_all().values() if i.self_administered}
    names = dict.fromkeys([*(n for n in battery if n in shipped), *sorted(shipped)])
    asks = {n for n in names if any(item.safety for item in shipped[n].items)}
    return [
        (n, shipped[n].short_name + (", asks about thoughts of death" * (n in asks)))
        for n in names
    ]
