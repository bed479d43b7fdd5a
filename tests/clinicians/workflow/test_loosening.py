"""Which changes of settings are dangerous; none that loosens something is silent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import settings as limited
from hypothesis import strategies as st

from clinicians.definitions import settings_policy
from clinicians.workflow.loosening import dangers, may_be_later, to_tick
from clinicians.workflow.settings_limits import SettingsRefused, check_chosen
from clinicians.workflow.waiting import longest_wait
from screening.domain.due import due_at
from screening.domain.rules import Tier
from tests.clinicians.workflow.chosen import LADDER, WEEKDAYS, make_chosen, rule

START = datetime(2026, 10, 26, tzinfo=UTC)  # DST ends in the week that follows


def found(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    brought = dangers(settings_policy(), make_chosen(**before), make_chosen(**after))
    return [danger.id for danger in brought]


SHORTER = {**WEEKDAYS, "4": [["09:00", "12:00"]]}
LONGER = {**WEEKDAYS, "5": [["10:00", "12:00"]]}
TEAM_ONLY = LADDER[:1]
BRINGS: list[tuple[dict[str, Any], list[str]]] = [
    ({"second_person": False}, ["second-person-off"]),
    ({"prorate": True}, ["prorate-on"]),
    ({"kiosk_enabled": True}, ["kiosk-on"]),
    ({"patient_sees_score": True}, ["score-shown"]),
    ({"ai_enabled": True}, ["ai-on"]),
    ({"wording_policy": "gated"}, ["wording-gated"]),
    ({"wording_policy": "official"}, []),
    ({"adult_age": 17}, ["adult-age-lower"]),
    ({"adult_age": 19}, []),
    ({"answer_window_hours": 73}, ["window-longer"]),
    ({"answer_window_hours": 71}, ["window-shorter"]),
    ({"escalate_minutes": 31}, ["escalate-slower"]),
    ({"escalate_minutes": 29}, []),
    ({"country": "CA"}, ["country"]),
    ({"time_zone": "UTC"}, ["time-zone"]),
    ({"phone": ""}, ["phone-gone"]),
    ({"phone": "555 0100"}, []),
    ({"languages": ["en"]}, ["language-gone"]),
    ({"battery": ["gad-7"]}, ["no-item-9"]),
    ({"battery": ["phq-9"]}, []),
    ({"step_up": True}, ["step-on"]),
    ({"step_safety": False}, ["step-safety-off"]),
    ({"ladder": TEAM_ONLY}, ["on-call-nobody"]),
    ({"ladder": LADDER[1:]}, ["team-nobody"]),
    (
        {"ladder": [{"step": "team", "emails": ["a@x.example"]}, LADDER[1]]},
        ["people-fewer"],
    ),
    ({"holidays": ["2026-12-25", "2027-01-01"]}, ["holidays-added"]),
    ({"holidays": []}, []),
    ({"staffed_hours": SHORTER}, ["hours-fewer"]),
    ({"staffed_hours": LONGER}, []),
    ({"staffed_hours": {}}, ["hours-none"]),
    ({"due_overrides": {"URGENT": rule(300, same_day=True)}}, ["urgent-later"]),
    ({"due_overrides": {"URGENT": rule(60, same_day=True)}}, []),
    ({"due_overrides": {"HIGH": rule(1440, "staffed")}}, ["high-later"]),
    ({"due_overrides": {"ROUTINE": rule(1441)}}, ["routine-later"]),
    ({"due_overrides": {"ROUTINE": rule(1440)}}, []),
    ({"due_overrides": {"CONCERN": rule(481, "staffed")}}, ["concern-later"]),
]


@pytest.mark.parametrize(("change", "expected"), BRINGS)
def test_change_brings_what_the_data_says(change, expected):
    assert found({}, change) == expected


STEPPED = {"battery": ["phq-2"], "step_up": True}
FOR_SOME = {**STEPPED, "step_safety": False}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (STEPPED, FOR_SOME, ["step-safety-off"]),
        ({"step_up": True, "step_safety": False}, FOR_SOME, ["item-9-for-some"]),
        ({"step_up": True}, STEPPED, []),
        (STEPPED, {"battery": ["phq-2"]}, ["no-item-9"]),
        (FOR_SOME, {**FOR_SOME, "step_up": False}, ["no-item-9"]),
        (FOR_SOME, STEPPED, []),
    ],
)
def test_who_is_asked_about_thoughts_of_death_never_shrinks_in_silence(
    before, after, expected
):
    assert found(before, after) == expected


def test_way_back_from_a_danger_is_none():
    for change in ({"second_person": False}, {"ai_enabled": True}, {"prorate": True}):
        assert found(change, {}) == []


def test_first_hours_ever_make_due_times_wait():
    assert found({"staffed_hours": {}}, {}) == ["hours-first"]


def test_supervisor_who_is_taken_off_is_named():
    boss = [*LADDER, {"step": "supervisor", "emails": ["boss@x.example"]}]
    assert found({"ladder": boss}, {}) == ["supervisor-nobody"]


def test_only_some_dangers_have_to_be_ticked():
    after = make_chosen(holidays=["2027-01-01"], second_person=False)
    brought = dangers(settings_policy(), make_chosen(), after)
    assert {d.id for d in brought} == {"holidays-added", "second-person-off"}
    assert [d.id for d in to_tick(brought)] == ["second-person-off"]


def test_every_danger_of_the_data_is_reached_here():
    reached = {one for _, expected in BRINGS for one in expected}
    reached |= {"hours-first", "supervisor-nobody", "item-9-for-some"}
    assert reached == {danger.id for danger in settings_policy().dangers}


def test_giving_up_the_same_day_is_later_even_with_fewer_minutes():
    policy = make_chosen(due_overrides={"HIGH": rule(600, same_day=True)}).due
    other = make_chosen(due_overrides={"HIGH": rule(60)}).due
    assert may_be_later(policy.tiers[Tier.HIGH], other.tiers[Tier.HIGH])


def _times(day: int) -> st.SearchStrategy[list[list[str]]]:
    """Up to two spans of a day, in order and apart."""
    cuts = st.lists(st.integers(0, 48), unique=True, max_size=4).map(sorted)
    return cuts.map(
        lambda found: [
            [_clock(found[n]), _clock(found[n + 1])]
            for n in range(0, len(found) - 1, 2)
        ]
    )


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


ANY_HOURS = st.fixed_dictionaries(
    {}, optional={str(d): _times(d) for d in range(7)}
).map(lambda week: {day: spans for day, spans in week.items() if spans})
HOURS = st.one_of(st.just(WEEKDAYS), ANY_HOURS)
DAYS = st.lists(
    st.integers(0, 20).map(lambda n: (START + timedelta(days=n)).date().isoformat()),
    unique=True,
    max_size=3,
)
RULES = st.builds(
    rule,
    st.sampled_from([30, 240, 480, 1440, 2880]),
    st.sampled_from(["wall", "staffed"]),
    same_day=st.booleans(),
)
OVERRIDES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("HIGH", "ROUTINE", "CONCERN"), RULES)
)
SETTINGS = st.fixed_dictionaries(
    {"staffed_hours": HOURS, "holidays": DAYS, "due_overrides": OVERRIDES}
)


def allowed(settings: dict[str, Any]) -> bool:
    """Hours so few that the wall clock takes over are no clinic's."""
    try:
        check_chosen(settings_policy(), make_chosen(**settings), {"staffed_hours"})
    except SettingsRefused:
        return False
    return True


@st.composite
def changed(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings, and the same with one thing changed: about half of that is silent."""
    before: dict[str, Any] = draw(SETTINGS)
    name = draw(st.sampled_from(sorted(before)))
    if name == "holidays":
        return before, {**before, name: draw(DAYS)}
    if name == "staffed_hours":
        part: dict[str, Any] = {str(draw(st.integers(0, 6))): draw(_times(0))}
    else:
        part = {draw(st.sampled_from(["HIGH", "ROUTINE", "CONCERN"])): draw(RULES)}
    return before, {**before, name: {**before[name], **part}}


@limited(max_examples=60)
@given(changed(), st.integers(0, 15 * 60))
def test_nothing_comes_due_later_in_silence(settings, minute):
    before, after = settings
    assume(allowed(before) and allowed(after) and not found(before, after))
    old, new = make_chosen(**before), make_chosen(**after)
    for step in range(12):
        at = START + timedelta(hours=15 * step, minutes=minute)
        for tier in Tier:
            due_then = due_at(old.due, old.hours, tier, at)
            assert due_at(new.due, new.hours, tier, at) <= due_then


@limited(max_examples=40)
@given(SETTINGS, st.lists(st.sampled_from(range(7)), max_size=4), st.integers(0, 20000))
def test_more_hours_and_shorter_times_pass_without_a_word(before, opened, minute):
    """The other half: what only tightens is not made a danger."""
    hours = {**before["staffed_hours"]}
    assume(hours and allowed(before))
    hours |= {str(day): [["00:00", "24:00"]] for day in opened}
    due = {
        tier: {**one, "minutes": max(1, one["minutes"] - 1)}
        for tier, one in before["due_overrides"].items()
    }
    after = {**before, "staffed_hours": hours, "due_overrides": due}
    assert found(before, after) == []
    at = START + timedelta(minutes=minute)
    old, new = make_chosen(**before), make_chosen(**after)
    for tier in Tier:
        due_then = due_at(old.due, old.hours, tier, at)
        assert due_at(new.due, new.hours, tier, at) <= due_then


def test_longest_wait_is_the_weekend():
    # Eight staffed hours from Friday 17:00 end on Monday 17:00, and the clocks go back.
    three_days = timedelta(days=3, hours=1)
    assert longest_wait(make_chosen(), Tier.CONCERN, START) == three_days
    assert longest_wait(make_chosen(), Tier.URGENT, START) == timedelta(hours=4)
