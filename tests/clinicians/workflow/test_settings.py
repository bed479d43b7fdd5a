"""Limits of what a clinic may set, and a data file that is refused."""

import copy
from typing import Any

import pytest

from clinicians.actions.settings import CHANGEABLE
from clinicians.definitions import ROOT, settings_policy
from clinicians.workflow.settings_limits import SettingsRefused, check_chosen, spoken
from clinicians.workflow.settings_reading import build_settings_policy
from clinicians.workflow.settings_words import differences, in_words
from screening import definitions
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError
from tests.clinicians.workflow.chosen import LADDER, make_chosen, rule

DATA = read_json(ROOT / "settings.json", ROOT)


def refused(**changes: Any) -> str:
    chosen = make_chosen(**changes)
    with pytest.raises(SettingsRefused) as caught:
        check_chosen(settings_policy(), chosen, set(changes))
    return str(caught.value)


def test_urgent_is_the_same_day_by_the_wall_clock_at_any_clinic():
    late = rule(1441, same_day=True)
    assert "at most 24 h" in refused(due_overrides={"URGENT": late})
    assert "same day" in refused(due_overrides={"URGENT": rule(60)})
    staffed = rule(60, "staffed", same_day=True)
    assert "wall clock" in refused(due_overrides={"URGENT": staffed})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_overrides": {"HIGH": rule(4321)}}, "too late for high flags"),
        ({"staffed_hours": {"0": [["09:00", "12:59"]]}}, "3 h 59 min a week"),
        ({"answer_window_hours": 169}, "from 1 to 168"),
        ({"adult_age": 15}, "from 16 to 21"),
        ({"escalate_minutes": 241}, "from 1 to 240"),
        ({"reminder_days": [1, 2, 3, 4, 5]}, "Reminder days: from 0 to 4"),
        ({"reminder_days": [7]}, "on day 1 to 6"),
        ({"reminder_days": [0]}, "on day 1 to 6"),
        ({"holidays": [f"2027-{m:02}-{d:02}" for m in range(1, 8) for d in range(1, 11)]}, "60"),
        ({"ladder": []}, "somebody must hear"),
    ],
)  # fmt: skip
def test_setting_beyond_its_limit_is_refused(change, sentence):
    assert sentence in refused(**change)


def test_what_is_not_changed_is_left_alone():
    """A clinic set up before there were limits can still change the rest."""
    old = make_chosen(adult_age=12, ladder=[], name="New name")
    check_chosen(settings_policy(), old, {"name"})
    check_chosen(settings_policy(), make_chosen(), set(CHANGEABLE))


def test_no_limit_of_tokens_is_no_number_to_refuse():
    chosen = make_chosen(model_tokens_per_day=None)
    check_chosen(settings_policy(), chosen, {"model_tokens_per_day"})


def test_data_speaks_of_settings_that_there_are():
    assert {d.setting for d in settings_policy().dangers} <= set(CHANGEABLE)


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("version",), "", "text that is not empty"),
        (("history_page",), 0, "at least 1"),
        (("limits", "adult_age", "least"), 22, "the least"),
        (("due", "HIGH", "most"), 0, "at least 1"),
        (("effects", "open-kept", "count"), "everything", "is not one of"),
        (("effects", "open-kept", "many"), "Several.", "how many"),
        (("dangers", 0, "when"), "sometimes", "is not one of"),
        (("dangers", 0, "level"), "loud", "is not one of"),
        (("dangers", 0, "of"), None, "does not fit"),
        (("dangers", 0, "of"), "NOBODY", "does not fit"),
        (("dangers", 4, "of"), "URGENT", "does not fit"),
        (("dangers", 0, "effects"), ["none such"], "no such effect"),
        (("dangers", 1, "id"), "urgent-later", "the same id twice"),
    ],
)
def test_data_file_that_cannot_be_trusted_is_refused(place, value, sentence):
    data: Any = copy.deepcopy(DATA)
    where = data
    for key in place[:-1]:
        where = where[key]
    where[place[-1]] = value
    with pytest.raises(DefinitionError, match=sentence):
        build_settings_policy(data, file="settings.json")


def test_effect_is_said_with_its_number():
    effect = settings_policy().dangers[0].effects[0]
    assert effect.said(0) == "No urgent case is open now."
    assert effect.said(1).startswith("1 open urgent case keeps")
    assert effect.said(3).startswith("3 open urgent cases keep")


def test_lengths_are_spoken():
    assert [spoken(m) for m in (0, 45, 60, 90)] == [
        *("0 min", "45 min", "1 h", "1 h 30 min")
    ]


def said(name: str, old: Any, new: Any, **known: Any) -> list[tuple[str, str, str]]:
    return [(d.label, d.old, d.new) for d in differences(name, old, new, **known)]


def test_only_the_parts_that_differ_are_said():
    hours = {"0": [["09:00", "17:00"]], "1": [["09:00", "17:00"]]}
    fewer = {"0": [["09:00", "12:00"], ["13:00", "17:00"]], "1": [["09:00", "17:00"]]}
    assert said("staffed_hours", hours, fewer) == [
        ("Hours, Monday", "09:00–17:00", "09:00–12:00, 13:00–17:00")
    ]
    assert said("staffed_hours", {}, {"6": [["10:00", "24:00"]]}) == [
        ("Hours, Sunday", "closed", "10:00–24:00")
    ]
    assert said("ladder", LADDER, LADDER[:1]) == [
        ("Told at the step on-call", "call@x.example", "nobody")
    ]
    assert said("holidays", ["2026-12-25"], []) == [
        ("Holiday Fri 25 Dec 2026", "closed all day", "as on every such weekday")
    ]
    assert said("webhooks", {}, {"team": ["hooks.example"], "on-call": []}) == [
        ("Webhooks at the step team", "none", "hooks.example")
    ]


def test_due_time_is_said_beside_the_proposed_one_where_that_is_known():
    own = {"URGENT": rule(120, same_day=True)}
    label = "Urgent, due after"
    new = "2 h by the wall clock, the same day at the latest (Our protocol)"
    assert said("due_overrides", {}, own) == [(label, "as proposed", new)]
    proposed = "4 h by the wall clock, the same day at the latest (proposed)"
    known = {"proposed": definitions.due_policy()}
    assert said("due_overrides", {}, own, **known) == [(label, proposed, new)]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("prorate", True, "on"),
        ("second_person", False, "off"),
        ("adult_age", 18, "18"),
        ("phone", "", "none"),
        ("phone", "555", "555"),
        ("country", "US", "United States"),
        ("country", "XX", "XX"),
        ("time_zone", "America/New_York", "America/New York"),
        ("languages", ["en", "es-US"], "English, Spanish"),
        ("battery", ["phq-9"], "PHQ-9"),
        ("wording_policy", "gated", "checked words, signed or not"),
        ("reminder_days", [3, 5], "on day 3, 5"),
        ("reminder_days", [], "none"),
        ("model_tokens_per_day", None, "the limit of this installation"),
        ("model_tokens_per_day", 5000, "5,000"),
        ("model_cost_per_day", "2.50", "2.50"),
        ("lines_verified", ["A", "B"], "A, B"),
    ],
)
def test_setting_is_said_in_words(name, value, words):
    assert in_words(name, value) == words


def test_setting_without_a_name_of_its_own_is_still_said():
    assert said("some_new_thing", 1, 2) == [("some new thing", "1", "2")]
