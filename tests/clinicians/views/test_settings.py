"""Settings: saved at once where nothing is loosened, asked about first where it is."""

from typing import Any

import pytest
from django.urls import reverse

from clinicians.actions import claim
from clinicians.actions.settings import change_settings
from clinicians.forms.sections import ChangeReasonForm
from core.models import AuditEvent, Clinic
from tests.cast import NOW, Cast, signed_in
from tests.clinicians.views.settings_page import (
    confirm,
    fields_of,
    fill,
    fill_from,
    url_of,
)

PAGES = ("clinic", "screening", "review", "hours", "escalation", "language")
WEEK = {f"from_{day}_0": "09:00" for day in range(5)} | {
    f"to_{day}_0": "17:00" for day in range(5)
}


def details() -> list[dict[str, Any]]:
    lines = AuditEvent.objects.filter(kind="CLINIC_CHANGED").order_by("seq")
    return [line.detail for line in lines]


def test_pages_saved_as_they_stand_change_nothing(cast: Cast):
    client = signed_in(cast.ada)
    for slug in PAGES:
        assert fill(client, slug).status_code == 302
    page = client.get(reverse("clinicians:settings")).content.decode()
    assert "Nothing changed." in page
    assert details() == []


def test_what_loosens_nothing_is_saved_at_once_and_on_record(cast: Cast):
    client = signed_in(cast.ada)
    fill(client, "screening", reminder_days="5, 2", invitation_days="10")
    fill(client, "escalation", escalate_minutes="20", team_1="b@clinic.example")
    fill(client, "clinic", name="Riverbend", phone="555 0199")
    cast.clinic.refresh_from_db()
    assert (cast.clinic.name, cast.clinic.phone) == ("Riverbend", "555 0199")
    assert (cast.clinic.reminder_days, cast.clinic.invitation_days) == ([2, 5], 10)
    told = ["team@clinic.example", "b@clinic.example"]
    assert cast.clinic.ladder[0] == {"step": "team", "emails": told}
    assert details()[2]["name"] == {"from": "Riverside", "to": "Riverbend"}
    assert details()[1]["escalate_minutes"] == {"from": 30, "to": 20}
    page = client.get(reverse("clinicians:settings")).content.decode()
    assert "Saved: name, phone, as patients see it." in page
    assert "team@clinic.example, b@clinic.example" in page


def test_hours_are_typed_in_spans_and_kept_in_order(cast: Cast):
    Clinic.objects.update(staffed_hours={"0": [["09:00", "12:00"]]})
    afternoon = {"from_0_1": "13:00", "to_0_1": "18:00", "to_0_0": "12:00"}
    sunday = {"from_6_0": "9:00", "to_6_0": "24:00"}
    typed = WEEK | afternoon | sunday | {"holiday_0": "2026-12-25"}
    saved = fill(signed_in(cast.ada), "hours", **typed)
    assert saved.status_code == 302
    cast.clinic.refresh_from_db()
    hours = cast.clinic.staffed_hours
    assert hours["0"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert hours["6"] == [["09:00", "24:00"]]
    assert "5" not in hours
    assert cast.clinic.holidays == ["2026-12-25"]
    page = signed_in(cast.ada).get(reverse("clinicians:settings")).content.decode()
    assert "Tuesday to Friday" in page


def test_one_more_row_costs_nothing_that_was_typed(cast: Cast):
    client = signed_in(cast.ada)
    asked = fill(client, "hours", from_0_0="09:00", to_0_0="never", more="from_0")
    page = asked.content.decode()
    assert asked.status_code == 200
    assert 'value="never"' in page
    assert 'name="from_0_1"' in page
    assert "Write times as" not in page
    sent = fields_of(asked) | {"more": "holiday", "holiday_0": "2026-12-25"}
    page = client.post(url_of("hours"), sent).content.decode()
    assert 'name="holiday_1"' in page
    assert 'value="2026-12-25"' in page
    asked = fill(client, "escalation", team_1="b@clinic.example", more="team")
    assert 'name="team_2"' in asked.content.decode()
    assert details() == []


@pytest.mark.parametrize(
    ("slug", "typed", "sentence"),
    [
        ("clinic", {"name": ""}, "This field is required"),
        ("clinic", {"time_zone": "Mars/Olympus"}, "valid choice"),
        ("clinic", {"country": "XX"}, "valid choice"),
        ("clinic", {"languages": None}, "Tick at least one"),
        ("clinic", {"adult_age": "12"}, "At least 16."),
        ("screening", {"battery": ["asq"]}, "valid choice"),
        ("screening", {"answer_window_hours": "169"}, "At most 168."),
        ("screening", {"reminder_days": "soon"}, "whole numbers, like 3, 5"),
        ("screening", {"reminder_days": "7"}, "remind from day 1 to 6"),
        ("screening", {"reminder_days": "1 2 3 4 5"}, "At most 4 reminders"),
        ("review", {"length_urgent": "25 h", "source_urgent": "x"}, "at most 24 h"),
        ("review", {"length_high": "12 h"}, "say where it comes from"),
        ("review", {"length_high": "12"}, "as 4 h, 1 h 30 min or 45 min"),
        ("review", {"safety_plan_url": "http://x.example/"}, "valid URL"),
        ("hours", {"from_0_0": "9", "to_0_0": "17"}, "Monday: Write times as 09:00"),
        ("hours", {"from_1_0": "09:00"}, "Tuesday: Write times as 09:00"),
        ("hours", {"from_0_0": "17:00", "to_0_0": "09:00"}, "ends before it begins"),
        ("hours", {"from_0_0": "09:00", "to_0_0": "10:00"}, "at least 4 h are needed"),
        ("hours", {"holiday_0": "25/12/2026"}, "Write the day as 2026-12-25."),
        ("escalation", {"team_0": "nobody"}, "valid email address"),
        (
            "escalation",
            {"team_0": "", "on_call_0": "", "supervisor_0": ""},
            "somebody must hear",
        ),
        ("escalation", {"escalate_minutes": "0"}, "At least 1."),
        ("language", {"wording_policy": "anything"}, "valid choice"),
        ("language", {"seen": "forged"}, "open for a long time"),
    ],
)
def test_setting_that_cannot_be_is_refused_with_what_to_do(
    cast: Cast, slug, typed, sentence
):
    response = fill(signed_in(cast.ada), slug, **typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert details() == []


def test_danger_is_explained_before_it_is_saved(cast: Cast):
    cast.flagged()
    claim(episode=cast.flagged(), by=cast.bob, at=NOW)
    client = signed_in(cast.ada)
    asked = fill(
        client, "review", second_person=None, length_urgent="6 h", source_urgent="Ours"
    )
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "Nothing is saved yet" in page
    assert "One person alone closes urgent cases" in page
    assert "2 open urgent cases keep the due times that they have." in page
    assert "No case waits for a second person now." in page
    assert "4 h by the wall clock, the same day at the latest (proposed)" in page
    assert "6 h by the wall clock, the same day at the latest (Ours)" in page
    assert details() == []

    half = confirm(client, asked, "review", "second-person-off", reason=" ")
    page = half.content.decode()
    assert half.status_code == 422
    assert "Tick that you have read: Urgent flags may wait longer" in page
    assert "Write why you change this." in page
    assert details() == []

    again = fields_of(half)
    assert again["ok"] == ["second-person-off"]
    confirm(client, half, "review", "second-person-off", "urgent-later", reason="One")
    (line,) = details()
    assert line["second_person"] == {"from": True, "to": False}
    assert line["due_overrides"]["to"]["URGENT"]["minutes"] == 360
    assert line["confirmed"] == ["urgent-later", "second-person-off"]
    assert line["reason"] == "One"


def test_reason_that_cannot_be_kept_is_refused_with_the_ticks_left(cast: Cast):
    client = signed_in(cast.ada)
    asked = fill(client, "screening", prorate="on")
    again = confirm(client, asked, "screening", "prorate-on", reason="x" * 501)
    assert again.status_code == 422
    assert fields_of(again)["ok"] == ["prorate-on"]
    assert fields_of(again)["reason"][0].strip() == "x" * 501
    assert not ChangeReasonForm({"reason": "a\x00b"}).is_valid()
    assert details() == []


def test_going_back_from_the_warning_loses_nothing(cast: Cast):
    client = signed_in(cast.ada)
    asked = fill(client, "clinic", name="Riverbend", country="CA")
    sent = fields_of(asked) | {"back": "1"}
    url = reverse("clinicians:confirm-settings", args=["clinic"])
    page = client.post(url, sent)
    assert fields_of(page)["name"] == ["Riverbend"]
    assert fields_of(page)["country"] == ["CA"]
    # What was seen then is still what counts as seen.
    assert fill_from(client, page, "clinic", country="US").status_code == 302
    cast.clinic.refresh_from_db()
    assert (cast.clinic.name, cast.clinic.country) == ("Riverbend", "US")


def test_what_is_only_told_is_said_when_it_is_saved(cast: Cast):
    client = signed_in(cast.ada)
    answer = fill(client, "hours", holiday_0="2026-12-25")
    assert answer.status_code == 302
    page = client.get(reverse("clinicians:settings")).content.decode()
    assert "pass over the new holidays" in page


def test_longest_wait_is_shown_before_hours_are_cut(cast: Cast):
    Clinic.objects.update(
        staffed_hours={str(d): [["09:00", "17:00"]] for d in range(5)}
    )
    page = fill(signed_in(cast.ada), "hours", from_4_0="", to_4_0="").content.decode()
    assert "Some hours are no longer staffed" in page
    assert "Longest wait of a new flag" in page
    assert "Worrying words" in page
    assert "Urgent</th>" not in page


@pytest.mark.parametrize("who", ["alice", "sue", "fred", "liv"])
def test_settings_are_for_the_administrator(cast: Cast, who):
    client = signed_in(getattr(cast, who))
    pages = ["settings", "crisis-lines"]
    urls = [reverse(f"clinicians:{name}") for name in pages]
    urls += [
        url_of("clinic"),
        reverse("clinicians:confirm-settings", args=["clinic"]),
        reverse("clinicians:check-crisis-line", args=["US:988:call"]),
    ]
    for url in urls:
        assert client.get(url).status_code == 403


def test_odd_addresses_and_methods_are_refused(cast: Cast):
    client = signed_in(cast.ada)
    assert client.get(url_of("nothing")).status_code == 404
    confirming = reverse("clinicians:confirm-settings", args=["clinic"])
    assert client.get(confirming).status_code == 405
    assert client.post(reverse("clinicians:settings")).status_code == 405
    assert client.put(url_of("clinic")).status_code == 405


def test_pages_ask_a_constant_number_of_queries(
    cast: Cast, django_assert_max_num_queries
):
    client = signed_in(cast.ada)
    for _ in range(3):
        cast.flagged()
    change_settings(clinic=cast.clinic, changes={"name": "A"}, by=cast.ada, at=NOW)
    with django_assert_max_num_queries(15):
        client.get(reverse("clinicians:settings"))
    for slug in PAGES:
        with django_assert_max_num_queries(7):
            client.get(url_of(slug))
    with django_assert_max_num_queries(20):
        fill(client, "review", second_person=None)


def test_glance_says_what_to_look_into(cast: Cast):
    cast.bob.is_active = False
    cast.bob.save()
    Clinic.objects.update(
        ladder=[{"step": "team", "emails": [cast.bob.email]}], second_person=False
    )
    client = signed_in(cast.ada)
    page = client.get(reverse("clinicians:settings")).content.decode()
    assert f"{cast.bob.email} is told of cases, but Bob Stone has no access" in page
    assert "Nobody is on call" in page
    assert "No hour is staffed by rule" in page
    assert "Urgent cases are closed by one person alone" in page
    Clinic.objects.update(ladder=[])
    page = client.get(reverse("clinicians:settings")).content.decode()
    assert "Nobody is told when a case waits" in page


def test_turning_item_9_off_below_the_cut_says_what_is_lost_first(cast):
    ada = signed_in(cast.ada)
    asked = fill(ada, "screening", step_up="on", step_safety=None)
    text = asked.content.decode()
    assert "Two questions decide whether the rest is asked" in text
    assert "cannot notice thoughts of death or self-harm" in text
    cast.clinic.refresh_from_db()
    assert (cast.clinic.step_up, cast.clinic.step_safety) == (False, True)
    confirm(ada, asked, "screening", "step-on")
    cast.clinic.refresh_from_db()
    assert not cast.clinic.step_up  # one of the two was not ticked
    confirm(ada, asked, "screening", "step-on", "step-safety-off")
    cast.clinic.refresh_from_db()
    assert (cast.clinic.step_up, cast.clinic.step_safety) == (True, False)
