"""Changing settings: refused unless confirmed, and never to an open case's cost."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from clinicians.actions.settings import (
    ChangedMeanwhile,
    NotConfirmed,
    change_settings,
    values_of,
)
from clinicians.definitions import settings_policy
from clinicians.workflow.settings_limits import SettingsRefused
from core.audit import Actor
from core.models import AuditEvent, Clinic
from core.permissions import PermissionRefused
from screening.actions.clock import due_at
from screening.actions.flagging import raise_flags
from screening.domain.flags import Evidence, RaisedFlag
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_cast, make_patient, make_screening

WHO = Actor.system("test")
EVERY_DANGER = [danger.id for danger in settings_policy().dangers]
WEEKDAYS = {str(day): [["09:00", "17:00"]] for day in range(5)}


def own(minutes: int, clock: str = "wall") -> dict[str, Any]:
    return {"minutes": minutes, "clock": clock, "same_day": False, "source": "Ours"}


def change(cast: Cast, **given: Any) -> list[str]:
    every: dict[str, Any] = {"by": cast.ada, "at": NOW, "clinic": cast.clinic}
    return change_settings(**every | given)


def test_danger_that_nobody_ticked_is_not_saved_whoever_calls(cast: Cast):
    off = {"second_person": False}
    for given in (
        {},
        {"confirmed": ["prorate-on"], "reason": "Why"},
        {"confirmed": ["second-person-off"], "reason": "  "},
    ):
        with pytest.raises(NotConfirmed) as caught:
            change(cast, changes=off, **given)
        assert [d.id for d in caught.value.dangers] == ["second-person-off"]
    assert not AuditEvent.objects.filter(kind="CLINIC_CHANGED").exists()
    cast.clinic.refresh_from_db()
    assert cast.clinic.second_person


def test_only_an_administrator_changes_settings(cast: Cast):
    with pytest.raises(PermissionRefused):
        change(cast, changes={"name": "Mine"}, by=cast.sue)


@pytest.mark.parametrize(
    "bad",
    [
        {"due_overrides": {"URGENT": own(60)}},
        {"due_overrides": {"HIGH": {"minutes": 60}}},
        {"staffed_hours": {"0": [["17:00", "09:00"]]}},
        {"ladder": []},
        {"answer_window_hours": 169},
    ],
)
def test_what_no_clinic_may_have_is_refused_below_the_pages_too(cast: Cast, bad):
    with pytest.raises(SettingsRefused):
        change(cast, changes=bad, confirmed=EVERY_DANGER, reason="Why not")


def test_open_cases_keep_their_due_times_whatever_is_changed(cast: Cast):
    Clinic.objects.update(staffed_hours=WEEKDAYS)
    due = {
        cast.flagged(tier, due_at=NOW + timedelta(hours=hour)).id: hour
        for hour, tier in enumerate(Tier, start=1)
    }
    loosened = {
        "due_overrides": {"HIGH": own(4000), "ROUTINE": own(4800, "staffed")},
        "staffed_hours": {"0": [["09:00", "13:00"]]},
        "holidays": ["2026-09-16", "2026-09-17"],
        "time_zone": "Pacific/Honolulu",
        "escalate_minutes": 240,
    }
    change(cast, changes=loosened, confirmed=EVERY_DANGER, reason="A test")
    for episode in Episode.objects.all():
        assert episode.due_at == NOW + timedelta(hours=due[episode.id])


def test_flag_that_joins_later_never_moves_a_due_time_back(cast: Cast):
    Clinic.objects.update(staffed_hours=WEEKDAYS)
    patient = make_patient(cast.clinic)
    screening = make_screening(patient)
    raise_flags(screening, [high("first")], by=WHO, at=NOW)
    (episode,) = Episode.objects.all()
    assert episode.due_at == NOW + timedelta(hours=24)
    loosened = {"due_overrides": {"HIGH": own(4000)}}
    change(cast, changes=loosened, confirmed=EVERY_DANGER, reason="A test")
    screening.clinic.refresh_from_db()
    raise_flags(screening, [high("second")], by=WHO, at=NOW + timedelta(hours=1))
    episode.refresh_from_db()
    assert episode.due_at == NOW + timedelta(hours=24)
    # Somebody new is due by the new time.
    assert due_at(screening.clinic, Tier.HIGH, at=NOW) == NOW + timedelta(minutes=4000)
    # What is tightened counts from the next flag on, also for who is waiting.
    change(cast, changes={"due_overrides": {"HIGH": own(60)}})
    screening.clinic.refresh_from_db()
    raise_flags(screening, [high("third")], by=WHO, at=NOW + timedelta(hours=2))
    episode.refresh_from_db()
    assert episode.due_at == NOW + timedelta(hours=3)


def high(key: str) -> RaisedFlag:
    return RaisedFlag(
        rule="phq-9-severe",
        version="2026.1",
        tier=Tier.HIGH,
        title="PHQ-9 severe",
        key=key,
        evidence=Evidence(detail="PHQ-9 total 22"),
    )


def test_receivers_of_webhooks_and_unknown_steps_stay_where_people_change(cast: Cast):
    secret_path = "https://hooks.example/secret"
    Clinic.objects.filter(id=cast.clinic.id).update(
        ladder=[
            {"step": "some-day", "emails": ["later@x.example"]},
            {"step": "team", "emails": ["a@x.example"], "webhooks": [secret_path]},
        ]
    )
    told = [{"step": "supervisor", "emails": ["boss@x.example"]}]
    change(
        cast, changes={"ladder": told}, confirmed=["team-nobody"], reason="A small team"
    )
    cast.clinic.refresh_from_db()
    assert cast.clinic.ladder == [
        {"step": "some-day", "emails": ["later@x.example"]},
        {"step": "team", "emails": [], "webhooks": [secret_path]},
        {"step": "supervisor", "emails": ["boss@x.example"]},
    ]
    assert "secret" not in str(AuditEvent.objects.get(kind="CLINIC_CHANGED").detail)


def test_money_keeps_every_digit(cast: Cast):
    change(cast, changes={"model_cost_per_day": "2.50"})
    cast.clinic.refresh_from_db()
    assert cast.clinic.model_cost_per_day == Decimal("2.50")
    assert change(cast, changes={"model_cost_per_day": "2.50"}) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told():
    cast = make_cast()
    seen = {"name": values_of(cast.clinic)["name"]}
    barrier, outcomes = threading.Barrier(2), []

    def run(name: str) -> None:
        barrier.wait()
        try:
            outcomes.append(change(cast, changes={"name": name}, seen=seen))
        except ChangedMeanwhile as error:
            outcomes.append(error.names)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [["name"], ["name"]]
    (line,) = AuditEvent.objects.filter(kind="CLINIC_CHANGED")
    cast.clinic.refresh_from_db()
    assert line.detail["name"] == {"from": "Riverside", "to": cast.clinic.name}
