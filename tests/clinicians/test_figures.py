"""Figures worked out by hand: what counts as an alert, who took it, what it led to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from clinicians.models import Absence
from clinicians.presenters.figures import figures_tables, rules_tables
from clinicians.workflow.figures import newest
from screening.domain.rules import Tier
from screening.models import Flag, Screening
from tests.cast import NOW, Cast, make_flag, make_patient, make_screening
from tests.clinicians.figured import MINUTE, alert, event
from tests.clinicians.watching import join_flag

BEGAN = NOW - timedelta(days=1)
MONTH = newest(30, today=NOW.date())
Read = Callable[..., dict[str, dict[str, str]]]


@pytest.fixture
def read(cast: Cast) -> Read:
    """A table with its small numbers, by row and column."""

    def reader(name: str, *, small: bool = True, days: int = 30):
        given = (cast.clinic, cast.sue, newest(days, today=NOW.date()))
        tables = [
            *figures_tables(*given, small=small, at=NOW),
            *rules_tables(*given, small=small),
        ]
        heads, *rows = next(t for t in tables if t.name == name).csv()
        return {r[0]: dict(zip(heads[1:], r[1:], strict=True)) for r in rows}

    return reader


def test_each_alert_is_taken_in_time_or_late_or_waits(cast: Cast, read: Read):
    alert(cast, seen=30)
    alert(cast, seen=500)
    alert(cast)
    alert(cast, due=60 * 48)
    row = read("seen")["Urgent"]
    assert row["Alerts"] == "4"
    waits = ("Nobody yet, overdue", "Nobody yet, not due")
    names = ("Taken in time", "Taken late", *waits)
    assert [row[name] for name in names] == ["1", "1", "1", "1"]
    assert row["In time (%)"] == "33"
    assert (row["Median (minutes)"], row["Longest (minutes)"]) == ("30", "500")
    assert read("seen")["All"] == row
    assert read("seen")["High"]["Alerts"] == "0"


def test_flags_of_one_check_in_are_one_alert_with_the_gravest(cast: Cast, read: Read):
    episode = alert(cast, tier=Tier.ROUTINE, seen=60)
    sitting = Screening.objects.get(flags__episode=episode)
    later = BEGAN + 10 * MINUTE
    make_flag(episode, sitting, tier="URGENT", raised_at=later, due_at=later)
    make_flag(episode, sitting, tier="URGENT", raised_at=later + MINUTE)
    rows = read("seen")
    assert (rows["Routine"]["Alerts"], rows["Urgent"]["Alerts"]) == ("0", "1")
    # From the gravest flag on: fifty minutes, and past its own due time.
    assert rows["Urgent"]["Median (minutes)"] == "50"
    assert rows["Urgent"]["Taken late"] == "1"


def test_later_alert_of_a_case_in_hand_waits_for_the_next_act(cast: Cast, read: Read):
    episode = alert(cast, seen=5)
    again = make_screening(episode.patient)
    at = BEGAN + timedelta(hours=3)
    make_flag(episode, again, raised_at=at, due_at=at + 240 * MINUTE)
    event(episode, "NOTE", at=at + MINUTE, by=cast.bob)
    event(episode, "SNOOZED", at=at + 20 * MINUTE, by=cast.alice)
    row = read("seen")["Urgent"]
    assert (row["Alerts"], row["Taken in time"]) == ("2", "2")
    assert (row["Median (minutes)"], row["Longest (minutes)"]) == ("5", "20")


def test_alert_belongs_to_the_days_of_its_gravest_flag(cast: Cast, read: Read):
    for days in (9, 40):
        episode = alert(cast, at=NOW - timedelta(days=days))
        sitting = Screening.objects.get(flags__episode=episode)
        make_flag(episode, sitting, tier="ROUTINE", raised_at=BEGAN)
    # Forty days on it was an amendment: an alert of its own.
    assert read("seen", days=7)["All"]["Alerts"] == "1"


def test_flag_from_before_due_times_were_kept_has_its_cases(cast: Cast, read: Read):
    episode = alert(cast, seen=30, due=10)
    make_flag(episode, make_screening(episode.patient), raised_at=BEGAN, due_at=None)
    assert read("seen")["Urgent"]["Taken late"] == "2"


def test_what_was_undone_at_once_never_happened(cast: Cast, read: Read):
    episode = alert(cast, seen=30, shut=40)
    event(
        episode, "UNDONE", at=BEGAN + 40 * MINUTE + timedelta(seconds=9), code="CLOSE"
    )
    other = alert(cast, seen=30)
    event(other, "UNDONE", at=BEGAN + 31 * MINUTE, code="CLAIM")
    assert read("closed")["Urgent"]["Closed"] == "0"
    assert read("seen")["Urgent"]["Taken in time"] == "2"
    assert read("people")["Alice Moore"]["Closed"] == "0"
    assert read("rules")["Item 9 answered above zero"]["Still open"] == "2"


def test_highest_step_before_it_was_taken_counts(cast: Cast, read: Read):
    climbed = alert(cast, seen=90)
    for minutes, step in ((1, "team"), (31, "on-call"), (95, "supervisor")):
        event(climbed, "ESCALATED", at=BEGAN + minutes * MINUTE, code=step)
    waits = alert(cast)
    event(waits, "ESCALATED", at=BEGAN + MINUTE, code="supervisor")
    alert(cast, tier=Tier.ROUTINE)
    rows = read("steps")
    assert (rows["Urgent"]["On-call"], rows["Urgent"]["Supervisor"]) == ("1", "1")
    assert rows["Routine"]["Nobody was told"] == "1"


def test_only_the_days_asked_for_count(cast: Cast, read: Read):
    alert(cast, at=NOW - timedelta(days=20), seen=1, shut=2)
    alert(cast, seen=1, shut=2)
    assert read("seen", days=7)["Urgent"]["Alerts"] == "1"
    assert read("seen", days=30)["Urgent"]["Alerts"] == "2"
    assert read("people", days=7)["Alice Moore"]["Closed"] == "1"
    assert read("time", days=7)["Urgent"]["Closed cases"] == "1"
    assert read("check-ins", days=7)["English"]["Invited"] == "1"
    assert read("rules", days=7)["Item 9 answered above zero"]["Flags"] == "1"


def test_open_cases_stand_by_age_whatever_the_days(cast: Cast, read: Read):
    for hours in (1, 5, 30, 100, 400):
        alert(cast, at=NOW - timedelta(hours=hours))
    alert(cast, at=NOW - timedelta(hours=1), seen=5, due=600)
    row = read("open", days=7)["Urgent"]
    ages = ("Under 4 h", "4 h to 1 d", "1 d to 3 d", "3 d to 7 d", "Over 7 d")
    assert [row[age] for age in ages] == ["2", "1", "1", "1", "1"]
    assert (row["Open"], row["Overdue"], row["Unowned"]) == ("6", "4", "5")


def test_languages_are_told_apart(cast: Cast, read: Read):
    alert(cast, seen=10)
    alert(cast, seen=100, language="es-US")
    rows = read("languages")
    assert rows["English"]["Median (minutes)"] == "10"
    assert rows["Spanish"]["Median (minutes)"] == "100"


def test_each_persons_acts_are_theirs(cast: Cast, read: Read):
    episode = alert(cast, seen=10, shut=20)
    event(episode, "CLOSE_PROPOSED", at=BEGAN + 15 * MINUTE, by=cast.bob)
    event(episode, "HANDED_OVER", at=BEGAN + 16 * MINUTE, by=cast.bob)
    alert(cast, seen=10)
    rows = read("people")
    alice = rows["Alice Moore"]
    assert (alice["Has now"], alice["Claimed"], alice["Closed"]) == ("1", "2", "1")
    assert rows["Bob Stone"]["Closing proposed"] == "1"
    assert rows["Bob Stone"]["Handed over"] == "1"
    assert "Ada Reed" not in rows


def test_who_has_left_is_listed_with_what_they_did(cast: Cast, read: Read):
    alert(cast, seen=10, shut=20)
    for person in (cast.alice, cast.bob):
        person.is_active = False
        person.save()
    rows = read("people")
    assert rows["Alice Moore"]["Details"] == "No longer active"
    assert "Bob Stone" not in rows


def test_clinician_days_are_those_of_who_may_take_cases(cast: Cast, read: Read):
    cast.clinic.staffed_hours = {str(day): [["09:00", "17:00"]] for day in range(5)}
    cast.clinic.save()
    for person in (cast.alice, cast.bob, cast.sue):
        person.created_at = NOW - timedelta(days=100)
        person.save()
    Absence.objects.create(
        clinic=cast.clinic,
        user=cast.bob,
        cover=cast.alice,
        starts_at=NOW - timedelta(days=3),
        ends_at=NOW + timedelta(days=9),
        cancelled_at=NOW - timedelta(hours=14),
        created_at=NOW,
    )
    alert(cast)
    row = read("load", days=7)["All"]
    # Five staffed days of three people, less Bob's Monday.
    assert row["Clinician-days"] == "14"
    assert row["Alerts a clinician-day"] == "0.07"


def test_seconds_are_added_up_over_a_case(cast: Cast, read: Read):
    episode = alert(cast, seen=10, shut=20, seconds=90)
    event(episode, "CONTACT", at=BEGAN + 15 * MINUTE, by=cast.bob, seconds=30)
    alert(cast, seen=10, shut=20, seconds=None)
    row = read("time")["Urgent"]
    assert (row["Closed cases"], row["Measured"], row["Not measured"]) == (
        "2",
        "1",
        "1",
    )
    assert row["Median (seconds)"] == "120"


def test_check_ins_are_counted_by_how_far_they_came(cast: Cast, read: Read):
    states: list[dict[str, Any]] = [
        {"status": "COMPLETED", "started_at": NOW, "completed_at": NOW},
        {"status": "EXPIRED", "started_at": NOW},
        {"status": "IN_PROGRESS", "started_at": NOW},
        {"status": "EXPIRED"},
        {"status": "INVITED"},
        {"status": "COMPLETED", "completed_at": NOW, "origin": "STAFF"},
        {"status": "COMPLETED", "completed_at": NOW, "origin": "IMPORT"},
    ]
    for state in states:
        make_screening(make_patient(cast.clinic), **state)
    make_screening(make_patient(cast.clinic), language="es-US")
    row = read("check-ins")["English"]
    assert (row["Invited"], row["Begun"], row["Finished"]) == ("5", "3", "1")
    assert (row["Never begun, over"], row["Not begun yet"]) == ("1", "1")
    assert (row["Completed (%)"], row["Entered by staff"]) == ("33", "1")
    assert read("check-ins")["All"]["Invited"] == "6"


def test_each_rules_flags_are_judged_by_how_their_cases_ended(cast: Cast, read: Read):
    for end in ("follow-up", "in-care", "explained", "not-reached", "leeches"):
        alert(cast, seen=5, shut=60, end=end)
    alert(cast, seen=5)
    alert(cast, rule="of-old", seen=5, shut=60)
    row = read("rules")["Item 9 answered above zero"]
    assert (row["Flags"], row["Led to action"], row["Led to none"]) == ("6", "2", "1")
    assert (row["Cannot be told"], row["Still open"]) == ("2", "1")
    assert row["Share that led to action (%)"] == "67"
    assert read("rules")["Thoughts of death or self-harm"]["Flags"] == "1"


def test_how_cases_ended_is_listed_by_rule(cast: Cast):
    for end in ("explained", "leeches", "follow-up"):
        alert(cast, seen=5, shut=60, end=end)
    _, ends = rules_tables(cast.clinic, cast.sue, MONTH, small=True)
    assert [row[2] for row in ends.csv()] == [
        "Closed as",
        "Spoke with the patient; follow-up arranged",
        "The patient explained the answer; what was said is in the note",
        "leeches",
    ]


def test_few_judged_flags_are_marked_and_many_are_not(cast: Cast):
    for number in range(30):
        alert(cast, seen=5, shut=60, end="explained" if number % 2 else "follow-up")
    alert(cast, seen=5, shut=60, rule="phq-9-cut")
    table, _ = rules_tables(cast.clinic, cast.sue, MONTH, small=True)
    shares = {row.head: row.cells[5] for row in table.rows}
    many = shares["Item 9 answered above zero"]
    assert (many.text, many.soft) == ("50% (33% to 67%)", "")
    assert "Fewer than 30" in shares["PHQ-9 at or above the cut point"].soft


def test_times_of_few_are_hidden_and_of_none_are_not_there(cast: Cast, read: Read):
    for _ in range(11):
        alert(cast, seen=7)
    alert(cast, tier=Tier.ROUTINE, seen=7)
    rows = read("seen", small=False)
    assert rows["Urgent"]["Median (minutes)"] == "7"
    assert rows["Routine"]["Median (minutes)"] == "hidden"
    assert rows["High"]["Median (minutes)"] == ""
    # Else eleven of twelve would give the one away.
    assert (rows["All"]["Alerts"], rows["Urgent"]["Alerts"]) == ("12", "hidden")
    assert read("load", small=False)["Urgent"]["Alerts a clinician-day"] == "hidden"


def test_flag_keeps_by_when_somebody_had_to_look(cast: Cast):
    episode = alert(cast, seen=5, due=30)
    join_flag(episode, Tier.ROUTINE, at=NOW)
    flag = Flag.objects.get(rule="test")
    episode.refresh_from_db()
    assert flag.due_at is not None
    assert flag.due_at > NOW > episode.due_at
