"""The forms of putting off, handing over and being away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from clinicians.definitions import review_policy
from clinicians.forms.cases import text_area
from clinicians.workflow import offers
from core.models import User
from screening.domain.rules import Tier
from screening.models import Episode

# A day near the end of the calendar has none in another zone, and then no page shows it.
YEARS = range(2000, 2101)


def people_choices(people: Sequence[User]) -> list[tuple[str, str]]:
    """Colleagues by name, nobody chosen yet."""
    return [("", "Choose a colleague"), *((str(user.id), str(user)) for user in people)]


def choose(label: str) -> forms.TypedChoiceField:
    """One colleague of a list."""
    return forms.TypedChoiceField(
        label=label, widget=forms.Select(attrs={"class": "input"})
    )


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
    field.choices = choices


def _length(minutes: int) -> str:
    for unit, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        count, rest = divmod(minutes, unit)
        if count and not rest:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{minutes} minutes"


class SnoozeForm(forms.Form):
    """Put a case off for so long; only times that come before it is due are offered."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    minutes = forms.TypedChoiceField(
        label="For how long?", coerce=int, widget=forms.RadioSelect
    )
    reason = text_area("Why can it wait?", required=True)

    def __init__(self, *args: Any, row: Episode, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        minutes = offers(review_policy(), Tier(row.tier), due_at=row.due_at, at=at)
        offer(self, "minutes", [(str(m), _length(m)) for m in minutes])


class HandOverForm(forms.Form):
    """To whom a case, or a whole shift, goes."""

    to = choose("To whom?")
    reason = text_area("What should they know?", required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.id): user for user in people}
        offer(self, "to", people_choices(people))

    def clean_to(self) -> User:
        """Return the colleague."""
        return self.people[self.cleaned_data["to"]]


class LocalMomentField(forms.CharField):
    """A day and a time of day on the clinic's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M",
            attrs={"type": "datetime-local", "class": "input", "autocomplete": "off"},
        )
        super().__init__(widget=widget, **kwargs)
        self.zone = ZoneInfo("UTC")

    def clean(self, value: Any) -> datetime:
        text = super().clean(value)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(
                "Write a day and a time, like 2026-12-24 17:00."
            ) from (error)
        if moment.year not in YEARS:
            raise ValidationError(f"Write a year from {YEARS[0]} to {YEARS[-1]}.")
        return moment.replace(tzinfo=self.zone)


class AbsenceForm(forms.Form):
    """Who is away from when to when, and who covers."""

    user = choose("Who is away?")
    starts_at = LocalMomentField(label="From")
    ends_at = LocalMomentField(label="Until")
    cover = choose("Who covers?")

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        may_be_away: Sequence[User],
        people: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.id): user for user in [*may_be_away, *people]}
        offer(self, "cover", people_choices(people))
        offer(self, "user", people_choices(may_be_away))
        if len(may_be_away) == 1:
            # Only oneself: there is nothing to choose.
            self.fields["user"].widget = forms.HiddenInput()
            self.initial["user"] = str(may_be_away[0].id)
        for name in ("starts_at", "ends_at"):
            field = self.fields[name]
            assert isinstance(field, LocalMomentField)  # noqa: S101 - for the types
            field.zone = zone

    def clean_user(self) -> User:
        """Return who is away."""
        return self.people[self.cleaned_data["user"]]

    def clean_cover(self) -> User:
        """Return who covers."""
        return self.people[self.cleaned_data["cover"]]
