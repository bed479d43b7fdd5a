"""Where a clinic's notices go beside e-mail, step by step of its ladder."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.forms.fields import LinesField
from clinicians.workflow import LADDER, Step
from core import webhook
from core.models import Clinic

RUNGS = [step for step in LADDER if step is not Step.OWNER]
MOST = 5


class WebhooksField(LinesField):
    """Addresses of receivers, one a line."""

    def read(self, entry: str) -> str:
        try:
            webhook.check_address(entry)
        except webhook.AddressRefused as error:
            raise ValidationError(f"{entry[:80]}: {error}") from error
        return entry

    def clean(self, value: Any) -> list[str]:
        found = super().clean(value)
        if len(found) > MOST:
            raise ValidationError(f"At most {MOST} receivers for one step.")
        return found


class WebhooksForm(forms.Form):
    """Which systems are told at which step."""

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        told = {rung["step"]: rung.get("webhooks", []) for rung in clinic.ladder}
        for step in RUNGS:
            self.fields[step.name.lower()] = WebhooksField(
                label=f"Receivers at the step: {step.value}",
                required=False,
                initial=told.get(step.value, []),
                help_text="Addresses that begin with https://, one a line.",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(given.values()) and not self.clinic.webhook_secret:
            raise ValidationError("Make a signing secret first.")
        return given

    def addresses(self) -> dict[Step, list[str]]:
        """What was typed, by step; call it on a valid form only."""
        return {step: self.cleaned_data[step.name.lower()] for step in RUNGS}
