"""Who is told at which step, and what the top of the ladder does."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from clinicians.workflow import LADDER, TOP, Step, climb

FULL = {
    Step.OWNER: ["alice@x.example"],
    Step.TEAM: ["team@x.example"],
    Step.ON_CALL: ["call@x.example"],
    Step.SUPERVISOR: ["boss@x.example"],
}


def test_climb_starts_with_the_owner():
    rung = climb(0, FULL)
    assert (rung.step, rung.told) == (Step.OWNER, ("alice@x.example",))
    assert (rung.next_step, rung.at_top) == (1, False)


def test_climb_skips_a_step_with_nobody():
    rung = climb(0, {**FULL, Step.OWNER: []})
    assert (rung.step, rung.next_step) == (Step.TEAM, 2)


def test_climb_tells_each_address_once():
    rung = climb(1, {Step.TEAM: ["a@x.example", "b@x.example", "a@x.example"]})
    assert rung.told == ("a@x.example", "b@x.example")


def test_climb_repeats_the_last_step_at_the_top():
    rung = climb(TOP, FULL)
    assert (rung.step, rung.next_step, rung.at_top) == (Step.SUPERVISOR, TOP, True)


def test_climb_falls_back_to_whoever_there_is():
    rung = climb(2, {Step.TEAM: ["team@x.example"]})
    assert (rung.step, rung.next_step, rung.at_top) == (Step.TEAM, TOP, True)


def test_climb_with_nobody_at_all_is_at_the_top():
    rung = climb(0, {})
    assert (rung.step, rung.told, rung.next_step, rung.at_top) == (None, (), TOP, True)


@given(st.dictionaries(st.sampled_from(Step), st.lists(st.emails(), max_size=2)))
def test_climb_reaches_everybody_and_then_stays(recipients):
    told: list[str] = []
    step = 0
    for _ in range(TOP + 1):
        rung = climb(step, recipients)
        told += rung.told
        step = rung.next_step
    everybody = set(itertools.chain.from_iterable(recipients.values()))
    assert set(told) == everybody
    assert step == TOP
    assert climb(step, recipients).at_top


def test_ladder_goes_from_owner_to_supervisor():
    assert [step.value for step in LADDER] == ["owner", "team", "on-call", "supervisor"]
