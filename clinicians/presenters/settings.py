"""The settings at a glance: each page with what is set, and what to look into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from clinicians.actions.settings import chosen, values_of
from clinicians.presenters.crisis_lines import lines_of
from clinicians.workflow.settings_limits import spoken, staffed_minutes
from clinicians.workflow.settings_words import (
    DAYS,
    LABELS,
    TIERS,
    due_words,
    in_words,
    windows_words,
)
from core.models import Clinic, User
from screening.domain.due import DuePolicy
from screening.domain.hours import build_hours


@dataclass(frozen=True, slots=True)
class Line:
    """One setting in words."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One page of settings in short."""

    title: str
    href: str
    lines: Sequence[Line]
    action: str = "Change"


@dataclass(frozen=True, slots=True)
class Overview:
    """All pages, and what somebody should look into first."""

    cards: Sequence[Card]
    warnings: Sequence[str]


def overview(
    clinic: Clinic, titles: Mapping[str, tuple[str, Sequence[str]]]
) -> Overview:
    """`titles`: by slug, a page's title and the settings on it. Two queries."""
    values = values_of(clinic)
    due = chosen(values).due
    cards = [
        Card(title, reverse("clinicians:settings-section", args=[slug]), lines)
        for slug, (title, names) in titles.items()
        for lines in [[one for name in names for one in _lines(name, values, due)]]
    ]
    lines = lines_of(clinic)
    shown = [row for row in lines.rows if row.shown]
    seen = [Line("Emergency number", lines.emergency or "none known")]
    seen.append(Line("Shown to patients", f"{len(shown)} of {len(lines.rows)} numbers"))
    url = reverse("clinicians:crisis-lines")
    cards.append(Card("Crisis lines", url, seen, "See and verify"))
    cards.append(_webhooks(clinic))
    return Overview(cards, [*_warnings(clinic, values), *lines.warnings])


def _lines(name: str, values: Mapping[str, Any], due: DuePolicy) -> list[Line]:
    value = values[name]
    if name == "due_overrides":
        whose = {
            tier: "your own" if tier in value else "proposed" for tier in due.tiers
        }
        return [
            Line(f"{TIERS[tier]}, due after", f"{due_words(rule)} ({whose[tier]})")
            for tier, rule in due.tiers.items()
        ]
    if name == "staffed_hours":
        return _hours(value)
    if name == "ladder":
        told = {rung["step"]: rung["emails"] for rung in value}
        return [
            Line(step.capitalize(), ", ".join(told.get(step, [])) or "nobody")
            for step in ("team", "on-call", "supervisor")
        ]
    if name == "holidays":
        return [Line("Holidays", f"{len(value)} days" if value else "none")]
    return [Line(LABELS[name], in_words(name, value))]


def _hours(value: Mapping[str, Any]) -> list[Line]:
    """Weekdays with the same hours in one line."""
    said = [windows_words(value.get(str(n), [])) or "closed" for n in range(len(DAYS))]
    groups: list[tuple[int, int]] = []
    for number, words in enumerate(said):
        if groups and said[groups[-1][0]] == words:
            groups[-1] = (groups[-1][0], number)
        else:
            groups.append((number, number))
    minutes = staffed_minutes(build_hours("UTC", value, []))
    if not minutes:
        return [Line("Staffed", "at no hour by rule")]
    week = Line("Staffed", f"{spoken(minutes)} a week")
    return [week, *(Line(_span(a, b), said[a]) for a, b in groups)]


def _span(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]} to {DAYS[last]}"


def _webhooks(clinic: Clinic) -> Card:
    count = sum(len(rung.get("webhooks", [])) for rung in clinic.ladder)
    lines = [
        Line("Receivers", str(count) if count else "none"),
        Line("Signing secret", "made" if clinic.webhook_secret else "not made yet"),
    ]
    return Card("Webhooks", reverse("clinicians:webhooks"), lines)


def _warnings(clinic: Clinic, values: Mapping[str, Any]) -> list[str]:
    """What is set in a way that somebody may not mean."""
    found = []
    told = {rung["step"]: rung["emails"] for rung in values["ladder"]}
    if not told:
        found.append(
            "Nobody is told when a case waits. Add an address under Escalation."
        )
    elif "on-call" not in told:
        found.append(
            "Nobody is on call: out of hours patients are told a time after the next "
            "opening."
        )
    if not staffed_minutes(chosen(values).hours):
        found.append(
            "No hour is staffed by rule: patients are told no time by which their "
            "answers are read."
        )
    if not values["second_person"]:
        found.append("Urgent cases are closed by one person alone.")
    return found + _gone(clinic, {a for emails in told.values() for a in emails})


def _gone(clinic: Clinic, addresses: set[str]) -> list[str]:
    """Whoever left and is still told would be told in vain."""
    gone = User.objects.filter(
        clinic=clinic, is_active=False, email__in=[a.lower() for a in addresses]
    )
    return [
        f"{user.email} is told of cases, but {user} has no access any more."
        for user in gone.order_by("email")
    ]
