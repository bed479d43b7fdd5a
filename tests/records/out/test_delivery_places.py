"""Where results go: since when, until when, and when a receiver is not there."""

from datetime import timedelta

import pytest

from core.models import Role
from records.models import Delivery, Destination
from records.outbox import planning, sending
from records.outbox.destinations import (
    DestinationRefused,
    end_destination,
    renew_secret,
    try_now,
)
from records.workflow import MoveRefused
from screening.actions import Correction
from screening.actions import amend as put_right
from tests.cast import make_user
from tests.records.out.leaving import make_leaving
from tests.records.rows import AT, make_patient

pytestmark = pytest.mark.django_db


def amend(leaving, administration, at):
    """Item 9 is put right by a clinician."""
    correction = Correction(
        position=0, link_id="/44260-8", value=2, reason="Misread.", seen_version=1
    )
    put_right(
        screening_id=administration.screening_id,
        correction=correction,
        by=make_user(leaving.clinic, Role.CLINICIAN),
        at=at,
    )


def test_receiver_that_is_down_is_asked_once_for_all(leaving, target):
    leaving.place(address=target.url)
    leaving.result(make_patient(leaving.clinic, number="1"))
    leaving.result(make_patient(leaving.clinic, number="2"))
    target.faults = [503]
    leaving.run()
    place = Destination.objects.get()
    assert place.retry_at == leaving.now + timedelta(seconds=30)
    assert "503" in place.last_error
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 1]
    try_now(destination=place, by=leaving.ada, at=leaving.now)
    leaving.run()
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]


def test_wrong_token_waits_until_somebody_gives_a_new_one(leaving, target):
    target.token = "right"
    place = leaving.place(address=target.url, secret="wrong")
    leaving.result()
    leaving.run()
    assert leaving.states() == ["DUE"]
    assert "Check the token" in Delivery.objects.get().last_error
    renew_secret(destination=place, secret="right", by=leaving.ada, at=leaving.now)
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED"]


def test_only_what_came_since_is_owed_and_late_commits_are_found(leaving, target):
    place = leaving.place(address=target.url, since_at=AT + timedelta(hours=1))
    old = leaving.result(make_patient(leaving.clinic, number="1"))
    leaving.run(hours=2)
    assert leaving.states() == []
    late = leaving.result(make_patient(leaving.clinic, number="2"))
    type(late).objects.filter(id=late.id).update(
        completed_at=leaving.now - timedelta(minutes=30)
    )
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED"]
    amend(leaving, old, leaving.now)
    leaving.run(minutes=1)
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]
    place.refresh_from_db()
    assert place.planned_to_at == leaving.now


def test_ended_place_gets_nothing_more(leaving, target):
    place = leaving.place(address=target.url)
    leaving.result()
    planning.plan(destination_id=place.id, at=leaving.now)
    assert end_destination(destination=place, by=leaving.ada, at=leaving.now) == 1
    leaving.run(minutes=1)
    assert (leaving.states(), target.asked) == (["STOPPED"], [])
    with pytest.raises(DestinationRefused, match="ended"):
        try_now(destination=place, by=leaving.ada, at=leaving.now)
    with pytest.raises(MoveRefused, match="ended"):
        sending.resend(delivery=Delivery.objects.get(), by=leaving.ada, at=leaving.now)
    assert leaving.place(name=place.name, address=target.url).id != place.id
    with pytest.raises(DestinationRefused, match="already"):
        leaving.place(name=place.name, address=target.url)


def test_another_clinics_results_stay(leaving, target):
    leaving.place(address=target.url)
    make_leaving().result()
    leaving.run()
    assert leaving.states() == []
