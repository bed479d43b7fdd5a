"""A short soak: real processes answered, killed and hurried, and nothing lost."""

import pytest

from tests.soak.chaos import MORE, ONCE, plan
from tests.soak.run import Size, soak
from tests.soak.table import table

SMALL = Size(
    screenings=6,
    kills=len(ONCE),
    at_once=4,
    speed=60,
    seed=1,
    all_tiers=False,
    longest=30,
)


def test_same_seed_strikes_the_same_and_hits_every_part() -> None:
    blows = plan(7, 60)
    assert blows == plan(7, 60) != plan(8, 60)
    assert {blow.victim for blow in blows} == {*ONCE, *MORE}
    assert [blow.after for blow in blows] == sorted(blow.after for blow in blows)


@pytest.mark.processes
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_nothing_is_lost_while_parts_are_killed() -> None:
    result = soak(SMALL)
    told = table(result)
    assert not result.verdict.faults, told
    # It was no idle run: every part died, danger was answered, everybody was told.
    assert set(result.kills) >= {"web", "watch", "watch 2", "worker", "postgres"}
    assert len(result.facts.rows.screenings) == SMALL.screenings
    rules = {flag.rule for flag in result.facts.rows.flags}
    assert rules >= {"item-9", "item-9-then-stopped", "crisis-words-urgent"}, told
    steps = {notice.step for notice in result.facts.rows.notices if notice.sent}
    assert steps >= {"team", "on-call", "supervisor"}, told
