"""Alive and ready are two questions; a silent safety loop is told to staff."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from config import health
from core.models import SystemHeartbeat
from tests.core.people import AT, make_clinic, make_user, sign_in


def beat(at):
    SystemHeartbeat.objects.update_or_create(name="watch", defaults={"at": at})


def test_livez_asks_nothing_of_the_database(client):
    assert client.get("/livez").content == b"ok"


@pytest.mark.django_db
def test_readyz_is_ready_while_the_loop_runs(client):
    beat(timezone.now())
    assert client.get("/readyz").json() == {"ready": True, "problems": []}


@pytest.mark.django_db
def test_readyz_fails_without_the_loop(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "never run" in answer.json()["problems"][0]


@pytest.mark.django_db
def test_watch_problem_after_a_minute_of_silence(settings):
    beat(AT)
    assert not health.watch_problem(AT + timedelta(seconds=60))
    assert "15:00:00" in health.watch_problem(AT + timedelta(seconds=61))
    assert "15:00:00" in health.watch_problem(AT - timedelta(seconds=61))
    settings.DEAD_MAN = False
    assert not health.watch_problem(AT + timedelta(days=1))


@pytest.mark.django_db
def test_readyz_names_a_definition_that_cannot_be_used(monkeypatch):
    beat(AT)
    monkeypatch.setattr(health, "problems", lambda: ["x"])
    assert health.readiness(AT) == ["A definition cannot be used; run manage.py check."]


def test_readyz_fails_when_the_database_does_not_answer(client, monkeypatch):
    def fail():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", fail)
    answer = client.get("/readyz")
    assert answer.json()["problems"] == ["The database does not answer."]


@pytest.mark.django_db
def test_staff_see_that_alarms_are_not_sent(client):
    sign_in(client, make_user(make_clinic()))
    page = client.get("/account/second-factor/").content.decode()
    assert "safety loop has stopped" in page
    beat(timezone.now())
    page = client.get("/account/second-factor/").content.decode()
    assert "safety loop" not in page
