"""Settings as a person says them: each by its name, old and new side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinicians.workflow.settings_limits import spoken
from screening import definitions
from screening.domain.due import Clock, DuePolicy, DueRule
from screening.domain.rules import Tier

LABELS = {
    "name": "Name",
    "phone": "Phone, as patients see it",
    "country": "Country",
    "time_zone": "Time zone",
    "languages": "Languages for patients",
    "adult_age": "Age from which somebody is an adult",
    "battery": "Questionnaires by default",
    "step_up": "A short form leads on to its longer one",
    "step_safety": "Item 9 is asked below the cut of the PHQ-2 too",
    "prorate": "Totals are estimated when an answer or two are missing",
    "answer_window_hours": "Hours from the first answer to the last",
    "invitation_days": "Days that an invitation works",
    "reminder_days": "Reminders",
    "kiosk_enabled": "Answering on a shared device",
    "patient_sees_score": "Patients see their totals at the end",
    "due_overrides": "Due times",
    "escalate_minutes": "Minutes before an urgent notice goes to the next step",
    "second_person": "A second person confirms that an urgent case is closed",
    "safety_plan_url": "Address of your own safety plan",
    "staffed_hours": "Staffed hours",
    "holidays": "Holidays",
    "ladder": "Who is told",
    "wording_policy": "Other words for a question",
    "ai_enabled": "A language model helps patients who agree",
    "model_tokens_per_day": "Tokens that the model may use in a day",
    "model_cost_per_day": "What the model may cost in a day",
    "webhooks": "Webhooks",
    "webhook_secret": "Signing secret of webhooks",
    "lines_verified": "Crisis lines that your clinic verified",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIERS = {
    Tier.URGENT: "Urgent",
    Tier.HIGH: "High priority",
    Tier.ROUTINE: "Routine",
    Tier.CONCERN: "Worrying words",
}
CLOCKS = {Clock.WALL: "by the wall clock", Clock.STAFFED: "of staffed time"}
LANGUAGES = definitions.english_names()
COUNTRIES = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "AU": "Australia",
    "NZ": "New Zealand",
    "IN": "India",
    "MX": "Mexico",
    "ES": "Spain",
    "FR": "France",
    "DE": "Germany",
    "EU": "European Union (another country)",
}
POLICIES = {
    "official": "official words only",
    "approved": "signed words",
    "gated": "checked words, signed or not",
}
OWN_LIMIT = "the limit of this installation"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a change changes, before and after."""

    label: str
    old: str
    new: str


def differences(
    name: str, old: Any, new: Any, *, proposed: DuePolicy | None = None
) -> list[Difference]:
    """What differs between two values of a setting, each part by its own name."""
    before, after = _parts(name, old, proposed), _parts(name, new, proposed)
    none = _NONE.get(name, "none")
    return [
        Difference(label, before.get(label, none), after.get(label, none))
        for label in dict.fromkeys([*before, *after])
        if before.get(label) != after.get(label)
    ]


def in_words(name: str, value: Any) -> str:
    """A setting that is one thing, on one line."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if name in _SAID:
        return str(_SAID[name](value))
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return str(value) if value not in (None, "") else "none"


def due_words(rule: DueRule) -> str:
    """`4 h by the wall clock, the same day at the latest`."""
    latest = ", the same day at the latest" if rule.same_day else ""
    return f"{spoken(rule.minutes)} {CLOCKS[rule.clock]}{latest}"


def windows_words(windows: Any) -> str:
    """`09:00–12:30, 13:30–17:00`."""
    return ", ".join(f"{start}–{end}" for start, end in windows)


def day_words(day: str) -> str:
    """`Fri 25 Dec 2026`."""
    found = date.fromisoformat(day)
    return f"{found:%a} {found.day} {found:%b %Y}"


_NONE = {
    "ladder": "nobody",
    "staffed_hours": "closed",
    "holidays": "as on every such weekday",
    "due_overrides": "as proposed",
}


def _parts(name: str, value: Any, proposed: DuePolicy | None) -> dict[str, str]:
    """A setting of several parts, each in words."""
    if name == "ladder":
        rungs = [r for r in value if r.get("emails")]
        return {f"Told at the step {r['step']}": ", ".join(r["emails"]) for r in rungs}
    if name == "webhooks":
        told = {step: hosts for step, hosts in value.items() if hosts}
        return {f"Webhooks at the step {s}": ", ".join(h) for s, h in told.items()}
    if name == "staffed_hours":
        return {
            f"Hours, {DAYS[int(d)]}": windows_words(w)
            for d, w in sorted(value.items())
            if w
        }
    if name == "holidays":
        return {f"Holiday {day_words(day)}": "closed all day" for day in value}
    if name == "due_overrides":
        return _due_parts(value, proposed)
    return {LABELS.get(name, name.replace("_", " ")): in_words(name, value)}


def _due_parts(value: Mapping[str, Any], proposed: DuePolicy | None) -> dict[str, str]:
    """Each tier's own rule; where it has none, the proposed one if we know it."""
    found = {} if proposed is None else dict(proposed.tiers)
    words = {tier: f"{due_words(rule)} (proposed)" for tier, rule in found.items()}
    for name, rule in value.items():
        words[Tier(name)] = _override_words(rule)
    return {f"{TIERS[tier]}, due after": said for tier, said in words.items()}


def _override_words(rule: Mapping[str, Any]) -> str:
    said = due_words(DueRule(**{**rule, "clock": Clock(rule["clock"])}))
    return f"{said} ({rule['source']})"


def _limit_words(value: Any) -> str:
    if value is None:
        return OWN_LIMIT
    return f"{value:,}" if isinstance(value, int) else str(value)


def _reminder_words(value: Any) -> str:
    days = ", ".join(map(str, value))
    return f"on day {days}" if days else "none"


_SAID: dict[str, Any] = {
    "country": lambda value: COUNTRIES.get(value, value),
    "time_zone": lambda value: value.replace("_", " "),
    "languages": lambda value: ", ".join(LANGUAGES.get(v, v) for v in value),
    "battery": lambda value: ", ".join(v.upper() for v in value),
    "wording_policy": lambda value: POLICIES.get(value, value),
    "reminder_days": _reminder_words,
    "model_tokens_per_day": _limit_words,
    "model_cost_per_day": _limit_words,
}
