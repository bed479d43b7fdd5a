"""The forms of the clinic itself: its people and how it works."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from clinicians.forms.fields import (
    AddressesField,
    DaysField,
    read_windows,
    zone_choices,
)
from clinicians.forms.patients import batteries, line
from clinicians.forms.webhooks import RUNGS, with_emails
from clinicians.workflow import Step
from core.models import Clinic, Role
from screening.domain.hours import HoursRefused, build_hours

HOURS_HINT = "For example 09:00-12:30, 13:30-17:00. An empty day is closed."
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class StaffForm(forms.Form):
    """Somebody who is to sign in."""

    name = line("Name")
    email = forms.EmailField(
        label="E-mail",
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in Role],
        widget=forms.RadioSelect,
    )


class RoleForm(forms.Form):
    """What a colleague is to be from now on."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in Role],
        widget=forms.RadioSelect,
    )


WORDING_POLICIES = [
    (
        Clinic.WordingPolicy.OFFICIAL.value,
        "Official words only: no patient is shown plainer words or an explanation.",
    ),
    (
        Clinic.WordingPolicy.APPROVED.value,
        (
            "Signed words: a text is shown once a clinician and a person with lived "
            "experience have signed it here."
        ),
    ),
    (
        Clinic.WordingPolicy.GATED.value,
        (
            "Checked words: a text that passed the automatic checks is shown before "
            "anybody here has signed it."
        ),
    ),
]
# Named alike on the form and at the clinic.
SIMPLE = (
    "name",
    "phone",
    "safety_plan_url",
    "time_zone",
    "holidays",
    "escalate_minutes",
    "wording_policy",
    "battery",
    "prorate",
    "ai_enabled",
    "model_tokens_per_day",
    "model_cost_per_day",
)


class SettingsForm(forms.Form):
    """How the clinic works. Every time of day is in its own time zone."""

    name = line("Name", longest=200)
    phone = line("Phone, as patients see it", required=False, longest=50)
    safety_plan_url = forms.URLField(
        label="Address of your own safety plan",
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        help_text="Linked on a case beside the ASQ. It begins with https.",
        widget=forms.URLInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    escalate_minutes = forms.IntegerField(
        label="Minutes before an urgent notice goes to the next step",
        min_value=1,
        max_value=240,
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="The hours and holidays below, and every time on these pages, are "
        "on its clock. Due times that are set already stay.",
        widget=forms.Select(attrs={"class": "input"}),
    )
    holidays = DaysField(
        label="Holidays",
        required=False,
        help_text="One day a line, like 2026-12-25. The clinic is closed all day.",
    )
    wording_policy = forms.ChoiceField(
        label="Other words for a question, beneath the official ones",
        choices=WORDING_POLICIES,
        widget=forms.RadioSelect,
    )
    battery = forms.MultipleChoiceField(
        label="Questionnaires by default", widget=forms.CheckboxSelectMultiple
    )
    prorate = forms.BooleanField(
        label="Estimate a total when an answer or two are missing",
        required=False,
        help_text="The total then says so. Item 9 is never estimated.",
    )
    ai_enabled = forms.BooleanField(
        label="Let a language model help patients who agree",
        required=False,
        help_text="It explains questions, and proposes an answer where our rules "
        "cannot read a patient’s words; the patient confirms it. It never sees who "
        "they are and never scores.",
    )
    model_tokens_per_day = forms.IntegerField(
        label="Tokens that the model may use in a day",
        required=False,
        min_value=0,
        max_value=1_000_000_000,
        help_text="After that, patients get the shipped words until midnight here. "
        "Empty: the limit of this installation.",
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    model_cost_per_day = forms.DecimalField(
        label="What the model may cost in a day",
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text="In the currency of the prices set for this installation.",
        widget=forms.NumberInput(attrs={"class": "input", "step": "0.01"}),
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial(clinic))
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self._offer("battery", batteries(clinic))
        self._offer("time_zone", zone_choices(clinic.time_zone))
        for step in RUNGS:
            self.fields[rung_name(step)] = AddressesField(
                label=f"Notices to: {step.value}",
                required=False,
                help_text="E-mail addresses, one a line.",
            )
        for number, day in enumerate(DAYS):
            self.fields[f"hours_{number}"] = forms.CharField(
                label=day,
                required=False,
                help_text="" if number else HOURS_HINT,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = choices

    def clean_model_cost_per_day(self) -> Decimal | None:
        """Refuse a limit that nobody could keep."""
        limit: Decimal | None = self.cleaned_data["model_cost_per_day"]
        if limit is not None and settings.LANGUAGE_PRICE_IN is None:
            raise ValidationError(
                "This installation knows no prices, so a cost cannot be limited. "
                "Leave this empty and limit the tokens."
            )
        return limit

    def clean(self) -> dict[str, Any]:
        """Refuse hours that cannot be, and a ladder that reaches nobody."""
        given = super().clean() or {}
        hours = {
            str(n): windows
            for n in range(len(DAYS))
            if (windows := read_windows(given.get(f"hours_{n}", "")))
        }
        try:
            zone = given.get("time_zone", self.clinic.time_zone)
            build_hours(zone, hours, given.get("holidays", []))
        except HoursRefused as error:
            raise ValidationError(str(error)) from error
        if not any(given.get(rung_name(step)) for step in RUNGS):
            self.add_error(
                rung_name(Step.TEAM), "Give at least one address: somebody must hear."
            )
        given["staffed_hours"] = hours
        return given

    def changes(self) -> dict[str, Any]:
        """What was chosen, as the clinic stores it; call it on a valid form only."""
        given = self.cleaned_data
        return {
            **{name: given[name] for name in SIMPLE},
            "staffed_hours": given["staffed_hours"],
            # The addresses of webhooks have a page of their own, and stay.
            "ladder": with_emails(
                self.clinic.ladder, {step: given[rung_name(step)] for step in RUNGS}
            ),
        }


def rung_name(step: Step) -> str:
    """The name of the field for one step of the ladder."""
    return f"ladder_{step.name.lower()}"


def initial(clinic: Clinic) -> dict[str, Any]:
    """The clinic's settings as the form shows them."""
    told = {rung["step"]: rung.get("emails", []) for rung in clinic.ladder}
    hours = clinic.staffed_hours
    return {
        **{name: getattr(clinic, name) for name in SIMPLE},
        **{rung_name(step): told.get(step.value, []) for step in RUNGS},
        **{
            f"hours_{number}": ", ".join(
                "-".join(w) for w in hours.get(str(number), [])
            )
            for number in range(len(DAYS))
        },
    }
