"""The forms of planning: what to ask, how often, and whom of several."""

import uuid
from typing import Any

from django import forms

from clinicians.definitions import planning_policy
from clinicians.forms.handing import offer
from clinicians.forms.patients import InviteForm, batteries, day, language_choices
from clinicians.workflow.planning import every
from core.models import Clinic

OWN = "own"


class AskForm(InviteForm):
    """What to ask, and in which language."""

    code = None  # type: ignore[assignment]
    send = None  # type: ignore[assignment]


class ScheduleForm(AskForm):
    """What to ask again, how often, and from when to when."""

    every_weeks = forms.TypedChoiceField(
        label="How often?", coerce=int, widget=forms.Select(attrs={"class": "input"})
    )
    starts_on = day("First day")
    until_on = day("Last day")

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, clinic=clinic, **kwargs)
        weeks = [(str(week), every(week)) for week in planning_policy().weeks]
        offer(self, "every_weeks", weeks)


class SeveralForm(forms.Form):
    """Several patients, and what all of them are asked."""

    patient = forms.TypedMultipleChoiceField(
        label="Patients", coerce=uuid.UUID, widget=forms.MultipleHiddenInput
    )
    battery = forms.MultipleChoiceField(
        label="Questionnaires", widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label="Language", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, clinic: Clinic, ids: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = (OWN, "Each patient's own")
        # Whose these are is judged where all of them are read: here only what they are.
        offer(self, "patient", [(one, one) for one in ids if is_id(one)])
        offer(self, "battery", batteries(clinic))
        offer(self, "language", [own, *language_choices(clinic)])


def is_id(text: str) -> bool:
    """Whether this can be the id of anything."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
