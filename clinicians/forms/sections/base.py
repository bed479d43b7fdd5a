"""What every page of settings shares: made from stored values, with rows that grow."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from clinicians.definitions import settings_policy
from clinicians.workflow.settings_words import LABELS
from core.models import Clinic

SPARE = 1


class SectionForm(forms.Form):
    """One page of settings; `values` are the settings as they are stored."""

    slug: ClassVar[str]
    title: ClassVar[str]
    lead: ClassVar[str] = ""
    names: ClassVar[tuple[str, ...]]
    body: ClassVar[str] = "staff/_settings_fields.html"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        clinic: Clinic,
        values: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=self.shown(values))
        self.clinic = clinic
        self.values = values
        # The button that asks for one more row names which rows.
        self.more = str((data or {}).get("more", ""))
        self.build()

    def build(self) -> None:
        """Add the fields that depend on the clinic."""

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values as the fields show them."""
        return {name: values[name] for name in self.names}

    def changes(self) -> dict[str, Any]:
        """What was chosen, as it is stored; call it on a valid form only."""
        return {name: self.cleaned_data[name] for name in self.names}

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = choices

    def rows(self, prefix: str, kept: int, *, most: int) -> int:
        """How many rows to show: what was posted, or what is kept and a spare one."""
        if not self.is_bound:
            return min(kept + SPARE, most)
        posted = 0
        while posted < most and f"{prefix}_{posted}" in self.data:
            posted += 1
        return min(posted + (SPARE if self.more == prefix else 0), most)


def number(label: str, limit: str, hint: str) -> forms.IntegerField:
    """A whole number within a limit of the data file."""
    bounds = settings_policy().limits[limit]
    return forms.IntegerField(
        label=label,
        help_text=f"{hint} From {bounds.least:,} to {bounds.most:,}. {bounds.source}.",
        validators=[
            MinValueValidator(bounds.least, f"At least {bounds.least:,}."),
            MaxValueValidator(bounds.most, f"At most {bounds.most:,}."),
        ],
        widget=forms.NumberInput(attrs={"class": "input input--4"}),
    )


def refuse_beyond(limit: str, found: list[Any], what: str) -> None:
    """Raise ValidationError where there are more than the data file allows."""
    most = settings_policy().limits[limit].most
    if len(found) > most:
        raise ValidationError(f"At most {most} {what}.")


def chosen_from(name: str, hint: str = "") -> forms.MultipleChoiceField:
    """Boxes to tick, under the setting's own label."""
    return forms.MultipleChoiceField(
        label=LABELS[name],
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one."},
    )


def picked(name: str, hint: str = "") -> forms.ChoiceField:
    """One of a list."""
    return forms.ChoiceField(
        label=LABELS[name],
        help_text=hint,
        widget=forms.Select(attrs={"class": "input"}),
    )
