"""Settings of staffed hours and holidays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.definitions import settings_policy
from clinicians.forms.sections.base import SectionForm
from clinicians.workflow.settings_limits import SettingsRefused, check_hours
from clinicians.workflow.settings_words import DAYS
from screening.domain.hours import HoursRefused, build_hours


@dataclass(frozen=True, slots=True)
class DayRow:
    """One weekday on the page: pairs of fields, and the button that asks for more."""

    label: str
    more: str
    spans: Sequence[tuple[forms.BoundField, forms.BoundField]]
    full: bool


class HoursForm(SectionForm):
    """When the clinic is staffed."""

    slug = "hours"
    title = "Hours and holidays"
    lead = (
        "When somebody is there to read. Patients are told by when they are read, and "
        "some due times count only these hours."
    )
    names = ("staffed_hours", "holidays")
    body = "staff/_settings_hours.html"

    def build(self) -> None:
        limits = settings_policy().limits
        most = limits["spans_a_day"].most
        for weekday, day in enumerate(DAYS):
            kept = self.values["staffed_hours"].get(str(weekday), [])
            for index in range(self.rows(f"from_{weekday}", len(kept), most=most)):
                for side in ("from", "to"):
                    self.fields[f"{side}_{weekday}_{index}"] = forms.CharField(
                        label=f"{day}, span {index + 1}, {side}",
                        required=False,
                        max_length=8,
                        widget=forms.TextInput(attrs={"class": "input input--4"}),
                    )
        count = self.rows(
            "holiday", len(self.values["holidays"]), most=limits["holidays"].most
        )
        for index in range(count):
            self.fields[f"holiday_{index}"] = forms.DateField(
                label=f"Holiday {index + 1}",
                required=False,
                input_formats=["%Y-%m-%d"],
                error_messages={"invalid": "Write the day as 2026-12-25."},
                widget=forms.DateInput(
                    format="%Y-%m-%d", attrs={"type": "date", "class": "input"}
                ),
            )

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {
            f"holiday_{index}": day for index, day in enumerate(values["holidays"])
        }
        for weekday, windows in values["staffed_hours"].items():
            for index, (start, end) in enumerate(windows):
                found[f"from_{weekday}_{index}"] = start
                found[f"to_{weekday}_{index}"] = end
        return found

    def day_rows(self) -> list[DayRow]:
        """The weekdays for the page."""
        most = settings_policy().limits["spans_a_day"].most
        rows = []
        for weekday, day in enumerate(DAYS):
            spans = [
                (self[f"from_{weekday}_{n}"], self[f"to_{weekday}_{n}"])
                for n in range(most)
                if f"from_{weekday}_{n}" in self.fields
            ]
            full = len(spans) >= most
            rows.append(DayRow(day, f"from_{weekday}", spans, full=full))
        return rows

    def holiday_fields(self) -> list[forms.BoundField]:
        """The holidays for the page."""
        return [self[name] for name in self.fields if name.startswith("holiday_")]

    def clean(self) -> dict[str, Any]:
        """Refuse hours that cannot be, at the day where they stand."""
        given = super().clean() or {}
        hours = {}
        for weekday in range(len(DAYS)):
            if windows := self._windows(weekday, given):
                hours[str(weekday)] = windows
        days = {given[n] for n in self.fields if n[:8] == "holiday_" and given.get(n)}
        given["staffed_hours"] = hours
        given["holidays"] = sorted(day.isoformat() for day in days)
        if not self.errors:
            self._check_week(hours)
        return given

    def _windows(self, weekday: int, given: Mapping[str, Any]) -> list[list[str]]:
        found = []
        for index in range(settings_policy().limits["spans_a_day"].most):
            start = _padded(given.get(f"from_{weekday}_{index}") or "")
            end = _padded(given.get(f"to_{weekday}_{index}") or "")
            if start or end:
                found.append([start, end])
        found.sort()
        try:
            build_hours(self.values["time_zone"], {str(weekday): found}, [])
        except HoursRefused as error:
            self.add_error(f"from_{weekday}_0", f"{DAYS[weekday]}: {error}")
        return found

    def _check_week(self, hours: Mapping[str, Any]) -> None:
        built = build_hours(self.values["time_zone"], hours, [])
        try:
            check_hours(settings_policy(), built)
        except SettingsRefused as error:
            raise ValidationError(str(error)) from error


def _padded(clock: str) -> str:
    """`9:00` means 09:00; anything else that is odd is refused later."""
    clock = clock.strip()
    return f"0{clock}" if clock[1:2] == ":" else clock
