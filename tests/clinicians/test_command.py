"""`manage.py watch`: once, or until it is told to stop."""

import os
import signal

import pytest
from django.core.management import call_command

from clinicians.management.commands import watch
from core.models import SystemHeartbeat
from tests.cast import Cast


def test_once_does_one_round(cast: Cast):
    cast.flagged()
    call_command("watch", "--once")
    assert SystemHeartbeat.objects.filter(name="watch").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_loop_after_the_round_in_hand(monkeypatch, number):
    rounds = []
    before = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}

    def tick() -> bool:
        rounds.append("begun")
        os.kill(os.getpid(), number)
        rounds.append("finished")
        return False

    monkeypatch.setattr(watch, "tick", tick)
    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    try:
        call_command("watch", "--interval", "30")
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    assert rounds == ["begun", "finished"]


def test_full_round_is_followed_by_another_at_once(monkeypatch):
    left = [True, True, False]
    monkeypatch.setattr(watch, "tick", lambda: left.pop(0))
    call_command("watch", "--once")
    assert left == []
