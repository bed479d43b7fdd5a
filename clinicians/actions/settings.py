"""Changing how the clinic works: nothing loosened in silence, all of it on record."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from clinicians.definitions import settings_policy
from clinicians.workflow import LADDER, Step
from clinicians.workflow.loosening import dangers, to_tick
from clinicians.workflow.settings import Chosen, Danger
from clinicians.workflow.settings_limits import SettingsRefused, check_chosen
from core import audit
from core.models import Clinic, User
from core.permissions import Permission, check_can
from screening import definitions
from screening.domain.due import override
from screening.domain.hours import HoursRefused, build_hours
from screening.domain.reading import DefinitionError

# What the settings pages may change; everything else needs another way in.
CHANGEABLE = (
    *("name", "phone", "country", "time_zone", "languages", "adult_age"),
    *("battery", "step_up", "step_safety", "prorate"),
    *("answer_window_hours", "invitation_days"),
    *("reminder_days", "kiosk_enabled", "patient_sees_score"),
    *("due_overrides", "escalate_minutes"),
    *("second_person", "safety_plan_url", "staffed_hours", "holidays", "ladder"),
    *("wording_policy", "ai_enabled", "model_tokens_per_day", "model_cost_per_day"),
)
# The kind of every line of the log about a clinic's settings.
CHANGED = "CLINIC_CHANGED"
Values = Mapping[str, Any]


class NotConfirmed(ValueError):
    """What has to be ticked, and a reason written, before this is saved."""

    def __init__(self, found: tuple[Danger, ...]) -> None:
        super().__init__("Tick what you have read, and write why.")
        self.dangers = found


class ChangedMeanwhile(ValueError):
    """Somebody else saved these settings after they were read."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("These settings were changed after you opened this page.")
        self.names = names


@transaction.atomic
def change_settings(
    *,
    clinic: Clinic,
    changes: Values,
    by: User,
    at: datetime,
    seen: Values | None = None,
    confirmed: Collection[str] = (),
    reason: str = "",
) -> list[str]:
    """Save what differs; returns the names of the settings that changed.

    `seen`: what the clinic had when the page was made. Raises ChangedMeanwhile,
    SettingsRefused, or NotConfirmed if a danger is not among the confirmed ones.
    """
    check_can(by, Permission.MANAGE_CLINIC)
    row = Clinic.objects.select_for_update().get(id=clinic.id)
    before = values_of(row)
    known = {n: v for n, v in (seen or {}).items() if n in before}
    if moved := [name for name, value in known.items() if before[name] != value]:
        raise ChangedMeanwhile(moved)
    after = {n: v for n, v in changes.items() if n in before and before[n] != v}
    if not after:
        return []
    ticked = _check(before, after, confirmed, reason)
    for name, value in after.items():
        setattr(row, name, _stored(row, name, value))
    row.save(update_fields=list(after))
    detail: dict[str, Any] = {
        name: {"from": before[name], "to": value} for name, value in after.items()
    }
    if ticked:
        detail |= {"confirmed": ticked, "reason": reason.strip()}
    record(row, CHANGED, detail, by=by, at=at)
    return sorted(after)


def record(
    row: Clinic, kind: str, detail: dict[str, Any], *, by: User, at: datetime
) -> None:
    """A line of the clinic's log about its settings, in the caller's transaction."""
    audit.record(
        clinic_id=row.id,
        kind=kind,
        by=audit.Actor.staff(by),
        at=at,
        object_type="clinic",
        object_id=row.id,
        detail=detail,
    )


def _check(
    before: Values, after: Values, confirmed: Collection[str], reason: str
) -> list[str]:
    """The dangers that were ticked, all of them; refuses everything else."""
    policy = settings_policy()
    now = chosen({**before, **after})
    check_chosen(policy, now, set(after))
    open_ones = to_tick(dangers(policy, chosen(before), now))
    needed = [danger.id for danger in open_ones]
    if set(needed) - set(confirmed) or (needed and not reason.strip()):
        raise NotConfirmed(open_ones)
    return needed


def brings(clinic: Clinic, changes: Values) -> tuple[Danger, ...]:
    """What these changes would bring, told and to be ticked alike."""
    before = values_of(clinic)
    after = {**before, **{n: v for n, v in changes.items() if n in before}}
    return dangers(settings_policy(), chosen(before), chosen(after))


def chosen(values: Values) -> Chosen:
    """What follows from these settings, for the pure rules."""
    try:
        due = override(
            definitions.due_policy(), values["due_overrides"], file="clinic settings"
        )
        hours = build_hours(
            values["time_zone"], values["staffed_hours"], values["holidays"]
        )
    except (DefinitionError, HoursRefused) as error:
        raise SettingsRefused(str(error)) from error
    asked = _safety_asked(values)
    return Chosen(
        values=values,
        due=due,
        hours=hours,
        asks_safety=bool(asked),
        asks_all=True in asked,
    )


def _safety_asked(values: Values) -> set[bool]:
    """Whether thoughts of death are asked about: true is everybody, false is whoever
    reaches the cut of a short form."""
    battery, safety = values["battery"], _safety_items()
    asked = {True for name in battery if safety.get(name)}
    for rule in definitions.step_rules():
        if values["step_up"] and rule.short in battery and safety.get(rule.long):
            always = safety[rule.long] <= set(rule.always)
            asked.add(values["step_safety"] and always)
    return asked


def _safety_items() -> dict[str, set[str]]:
    return {
        instrument.id: {item.link_id for item in instrument.items if item.safety}
        for instrument in definitions.load_all().values()
    }


def values_of(clinic: Clinic) -> dict[str, Any]:
    """Every setting as JSON holds it, so that it can be compared, sent and recorded."""
    return {name: _plain(name, getattr(clinic, name)) for name in CHANGEABLE}


def _plain(name: str, value: Any) -> Any:
    """An amount of money keeps every digit; of the ladder, who is told by e-mail.

    Receivers of webhooks are left out: the path of an address may be a secret.
    """
    if isinstance(value, Decimal):
        return str(value)
    if name == "ladder":
        told = {rung["step"]: rung.get("emails") for rung in value}
        return [{"step": s.value, "emails": told[s]} for s in LADDER if told.get(s)]
    return value


def _stored(row: Clinic, name: str, value: Any) -> Any:
    """The other way round; receivers of webhooks stay as they are by now."""
    if name == "model_cost_per_day" and value is not None:
        return Decimal(value)
    if name != "ladder":
        return value
    told = {rung["step"]: rung["emails"] for rung in value}
    # A step that nobody here knows, from another version, is left as it is.
    kept = [
        {**r, "emails": told.pop(r["step"], [])} if r["step"] in list(Step) else r
        for r in row.ladder
    ]
    return kept + [{"step": step, "emails": found} for step, found in told.items()]
