"""Which dangers of the data file a change of settings brings: none in silence."""

from collections.abc import Callable, Mapping

from clinicians.workflow.settings import Chosen, Danger, Level, SettingsPolicy, When
from clinicians.workflow.settings_limits import minute_of, staffed_minutes
from screening.domain.due import Clock, DueRule
from screening.domain.hours import Hours
from screening.domain.rules import Tier


def dangers(
    policy: SettingsPolicy, before: Chosen, after: Chosen
) -> tuple[Danger, ...]:
    """What this change brings, in the order of the data file."""
    return tuple(d for d in policy.dangers if _HOLDS[d.when](d, before, after))


def to_tick(found: tuple[Danger, ...]) -> tuple[Danger, ...]:
    """Those that are saved only once they are ticked."""
    return tuple(danger for danger in found if danger.level is Level.TICK)


def may_be_later(old: DueRule, new: DueRule) -> bool:
    """Say whether any flag could come due later by the new rule.

    Staffed time never passes faster than time itself, so a rule by the wall clock is
    no later than one by staffed time with as many minutes, and never the other way.
    """
    if old.same_day and not new.same_day:
        return True
    if new.clock is Clock.STAFFED and old.clock is Clock.WALL:
        return True
    return new.minutes > old.minutes


def loses_staffed_time(old: Hours, new: Hours) -> bool:
    """Say whether a minute of the week was staffed and is no more."""
    return any(
        _minutes(old, weekday) - _minutes(new, weekday) for weekday in old.weekly
    )


def _minutes(hours: Hours, weekday: int) -> set[int]:
    windows = hours.weekly.get(weekday, ())
    return {m for a, b in windows for m in range(minute_of(a), minute_of(b))}


def _people(chosen: Chosen) -> Mapping[str, set[str]]:
    rungs = chosen.values["ladder"]
    return {rung["step"]: set(rung.get("emails", [])) for rung in rungs}


def _later(danger: Danger, before: Chosen, after: Chosen) -> bool:
    tier = Tier(danger.of or "")
    return may_be_later(before.due.tiers[tier], after.due.tiers[tier])


def _step_emptied(danger: Danger, before: Chosen, after: Chosen) -> bool:
    step = danger.of or ""
    had = _people(before).get(step, set())
    return bool(had) and not _people(after).get(step, set())


def _people_left_out(_danger: Danger, before: Chosen, after: Chosen) -> bool:
    now = _people(after)
    return any(
        had - now.get(step, set()) and now.get(step, set())
        for step, had in _people(before).items()
    )


def _less_staffed(_danger: Danger, before: Chosen, after: Chosen) -> bool:
    none_left = not staffed_minutes(after.hours)
    return not none_left and loses_staffed_time(before.hours, after.hours)


def _on_values(
    holds: Callable[[object, object], bool],
) -> Callable[[Danger, Chosen, Chosen], bool]:
    """A question about the stored value alone, before and after."""

    def asked(danger: Danger, before: Chosen, after: Chosen) -> bool:
        return holds(before.values[danger.setting], after.values[danger.setting])

    return asked


def _left_out(old: object, new: object) -> bool:
    return bool(set(_listed(old)) - set(_listed(new)))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _safety_for_some(_danger: Danger, before: Chosen, after: Chosen) -> bool:
    """Everybody was asked, and now only who reaches a cut: not said twice where the
    setting that says so itself is what was turned off."""
    turned_off = before.values["step_safety"] and not after.values["step_safety"]
    fewer = before.asks_all and after.asks_safety and not after.asks_all
    return fewer and not turned_off


_HOLDS: dict[When, Callable[[Danger, Chosen, Chosen], bool]] = {
    When.ON: _on_values(lambda old, new: bool(new) and not old),
    When.OFF: _on_values(lambda old, new: bool(old) and not new),
    When.EMPTIED: _on_values(lambda old, new: bool(old) and not new),
    When.FIRST_GIVEN: _on_values(lambda old, new: bool(new) and not old),
    When.MORE: _on_values(lambda old, new: _whole(new) > _whole(old)),
    When.LESS: _on_values(lambda old, new: _whole(new) < _whole(old)),
    When.CHANGED: _on_values(lambda old, new: old != new),
    When.ADDED: _on_values(lambda old, new: _left_out(new, old)),
    When.TAKEN_AWAY: _on_values(_left_out),
    When.BECOMES: lambda danger, before, after: (
        before.values[danger.setting] != danger.of == after.values[danger.setting]
    ),
    When.LATER: _later,
    When.LESS_STAFFED: _less_staffed,
    When.STEP_EMPTIED: _step_emptied,
    When.PEOPLE_LEFT_OUT: _people_left_out,
    When.SAFETY_LEFT_OUT: lambda _danger, before, after: (
        before.asks_safety and not after.asks_safety
    ),
    When.SAFETY_FOR_SOME: _safety_for_some,
}
