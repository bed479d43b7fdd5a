"""Settings of review: by when a person must have looked, and who closes with whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import URLValidator

from clinicians.definitions import settings_policy
from clinicians.forms.fields import LengthField
from clinicians.forms.patients import line
from clinicians.forms.sections.base import SectionForm
from clinicians.workflow.settings_limits import SettingsRefused, check_due, spoken
from clinicians.workflow.settings_words import LABELS, TIERS, due_words
from screening import definitions
from screening.domain.due import Clock, DueRule
from screening.domain.rules import Tier

CLOCK_CHOICES = [
    (Clock.WALL.value, "by the wall clock"),
    (Clock.STAFFED.value, "of staffed time"),
]


@dataclass(frozen=True, slots=True)
class DueRow:
    """One tier on the page: what to fill in, what is proposed, how late is allowed."""

    label: str
    length: forms.BoundField
    clock: forms.BoundField | None
    same_day: forms.BoundField | None
    source: forms.BoundField
    proposed: str
    proposed_source: str
    most: str


class ReviewForm(SectionForm):
    """By when a person must have looked, and how an urgent case is closed."""

    slug = "review"
    title = "Review"
    lead = "By when a person must have looked, and how an urgent case is closed."
    names = ("due_overrides", "second_person", "safety_plan_url")
    body = "staff/_settings_due.html"

    second_person = forms.BooleanField(
        label=LABELS["second_person"],
        required=False,
        help_text="Whoever worked on it proposes to close it; a colleague reads it and "
        "confirms. Turn this off only in a practice of one.",
    )
    safety_plan_url = forms.URLField(
        label=LABELS["safety_plan_url"],
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        help_text="Linked on a case beside the ASQ. It begins with https.",
        widget=forms.URLInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def build(self) -> None:
        for tier, limit in settings_policy().due.items():
            label, slug = TIERS[tier], tier.lower()
            self.fields[f"length_{slug}"] = LengthField(label=f"{label}: due after")
            if not limit.wall_only:
                self.fields[f"clock_{slug}"] = forms.ChoiceField(
                    label=f"{label}: how time is counted",
                    choices=CLOCK_CHOICES,
                    widget=forms.Select(attrs={"class": "input"}),
                )
            if not limit.same_day:
                self.fields[f"same_day_{slug}"] = forms.BooleanField(
                    label=f"{label}: the same day at the latest", required=False
                )
            self.fields[f"source_{slug}"] = line(
                f"{label}: where this comes from", required=False, longest=200
            )

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: values[name] for name in ("second_person", "safety_plan_url")}
        for tier, rule in definitions.due_policy().tiers.items():
            own, slug = values["due_overrides"].get(tier), tier.lower()
            minutes = own["minutes"] if own else rule.minutes
            found[f"length_{slug}"] = spoken(minutes)
            found[f"clock_{slug}"] = own["clock"] if own else rule.clock.value
            found[f"same_day_{slug}"] = own["same_day"] if own else rule.same_day
            found[f"source_{slug}"] = own["source"] if own else ""
        return found

    def due_rows(self) -> list[DueRow]:
        """The tiers for the page, in the order of the queue."""
        policy, proposed = settings_policy(), definitions.due_policy().tiers
        return [
            DueRow(
                label=TIERS[tier],
                length=self[f"length_{tier.lower()}"],
                clock=self._maybe(f"clock_{tier.lower()}"),
                same_day=self._maybe(f"same_day_{tier.lower()}"),
                source=self[f"source_{tier.lower()}"],
                proposed=due_words(proposed[tier]),
                proposed_source=proposed[tier].source,
                most=spoken(policy.due[tier].most),
            )
            for tier in Tier
        ]

    def _maybe(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def rest(self) -> list[forms.BoundField]:
        """What stands beneath the table."""
        return [self["second_person"], self["safety_plan_url"]]

    def clean(self) -> dict[str, Any]:
        """Refuse a time beyond any clinic's limit, and one that comes from nowhere."""
        given = super().clean() or {}
        overrides = {}
        for tier, proposed in definitions.due_policy().tiers.items():
            if (rule := self._rule(tier, given)) is None or _same(rule, proposed):
                continue
            try:
                check_due(settings_policy(), tier, rule)
            except SettingsRefused as error:
                self.add_error(f"length_{tier.lower()}", str(error))
            if not rule.source:
                self.add_error(
                    f"source_{tier.lower()}",
                    "This differs from what is proposed: say where it comes from, "
                    "like your own protocol.",
                )
            overrides[tier.value] = _as_stored(rule)
        given["due_overrides"] = overrides
        return given

    def _rule(self, tier: Tier, given: Mapping[str, Any]) -> DueRule | None:
        slug = tier.lower()
        minutes = given.get(f"length_{slug}")
        clock = given.get(f"clock_{slug}", Clock.WALL.value)
        if minutes is None or not clock:
            return None
        return DueRule(
            minutes=minutes,
            clock=Clock(clock),
            same_day=given.get(f"same_day_{slug}", True),
            source=given.get(f"source_{slug}", ""),
        )


def _same(rule: DueRule, proposed: DueRule) -> bool:
    mine = (rule.minutes, rule.clock, rule.same_day)
    return mine == (proposed.minutes, proposed.clock, proposed.same_day)


def _as_stored(rule: DueRule) -> dict[str, Any]:
    return {
        "minutes": rule.minutes,
        "clock": rule.clock.value,
        "same_day": rule.same_day,
        "source": rule.source,
    }
