"""Settings of the ladder: who is told, and how soon the next step is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from clinicians.definitions import settings_policy
from clinicians.forms.sections.base import SectionForm, number
from clinicians.workflow import LADDER, Step
from clinicians.workflow.settings_words import LABELS

# The owner is whoever has the case, and is told first without being written here.
STEPS = {step: step.name.lower() for step in LADDER if step is not Step.OWNER}
TOLD = {
    Step.TEAM: "Told first when a case has no owner.",
    Step.ON_CALL: "Told when nobody of the team has claimed it.",
    Step.SUPERVISOR: "Told last; after that a banner stands on every page.",
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the ladder on the page."""

    label: str
    told: str
    more: str
    people: Sequence[forms.BoundField]
    full: bool


class LadderForm(SectionForm):
    """Who is told, step by step, when nobody has claimed a case."""

    slug = "escalation"
    title = "Escalation"
    lead = (
        "When nobody has claimed a case, its owner is told, then these people, one "
        "step after the other, until somebody claims it. No message says anything "
        "about a patient."
    )
    names = ("ladder", "escalate_minutes")
    body = "staff/_settings_ladder.html"

    def build(self) -> None:
        self.fields["escalate_minutes"] = number(
            LABELS["escalate_minutes"],
            "escalate_minutes",
            "Cases that are not urgent wait longer between two steps.",
        )
        kept = _told(self.values)
        most = settings_policy().limits["people_a_step"].most
        for step, slug in STEPS.items():
            count = self.rows(slug, len(kept.get(step.value, [])), most=most)
            for index in range(count):
                self.fields[f"{slug}_{index}"] = forms.EmailField(
                    label=f"{step.value.capitalize()}, address {index + 1}",
                    required=False,
                    widget=forms.EmailInput(
                        attrs={"class": "input", "autocomplete": "off"}
                    ),
                )

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        kept = _told(values)
        return {
            "escalate_minutes": values["escalate_minutes"],
            **{
                f"{slug}_{index}": address
                for step, slug in STEPS.items()
                for index, address in enumerate(kept.get(step.value, []))
            },
        }

    def step_rows(self) -> list[StepRow]:
        """The steps for the page, lowest first."""
        most = settings_policy().limits["people_a_step"].most
        rows = []
        for step, slug in STEPS.items():
            people = [self[n] for n in self.fields if n.startswith(f"{slug}_")]
            label, full = step.value.capitalize(), len(people) >= most
            rows.append(StepRow(label, TOLD[step], slug, people, full=full))
        return rows

    def clean(self) -> dict[str, Any]:
        """Refuse a ladder that reaches nobody."""
        given = super().clean() or {}
        ladder = []
        for step, slug in STEPS.items():
            typed = [given.get(n) for n in self.fields if n.startswith(f"{slug}_")]
            found = list(dict.fromkeys(address for address in typed if address))
            if found:
                ladder.append({"step": step.value, "emails": found})
        if not ladder and not self.errors:
            self.add_error("team_0", "Give at least one address: somebody must hear.")
        given["ladder"] = ladder
        return given


def _told(values: Mapping[str, Any]) -> dict[str, list[str]]:
    return {rung["step"]: rung["emails"] for rung in values["ladder"]}
