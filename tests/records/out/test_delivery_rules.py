"""The moves of a delivery, what answers mean, and how long is waited: pure."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from records.definitions import ROOT, delivery_policy
from records.fhir.capable import read_capability
from records.workflow import (
    MOVES,
    OPEN,
    Mover,
    MoveRefused,
    State,
    Verdict,
    after_failure,
    build_delivery_policy,
    can_move,
    check_move,
    verdict_of,
    wait_after,
)
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError

SENDER, PERSON = Mover.SENDER, Mover.ADMINISTRATOR
# Written by hand, not read from the table.
ALLOWED = {
    *(("DUE", "SENT", SENDER), ("SENT", "SENT", SENDER), ("SENT", "ACCEPTED", SENDER)),
    *(("SENT", "REFUSED", SENDER), ("SENT", "DUE", SENDER), ("SENT", "DEAD", SENDER)),
    *(("SENT", "REPLACED", SENDER), ("DUE", "STOPPED", PERSON)),
    # What a program may not be told any more.
    ("SENT", "STOPPED", SENDER),
    *(("SENT", "STOPPED", PERSON), ("REFUSED", "DUE", PERSON), ("DEAD", "DUE", PERSON)),
}


def test_every_pair_of_states_is_decided():
    for from_, to, mover in itertools.product(State, State, Mover):
        wanted = (from_.value, to.value, mover) in ALLOWED
        assert can_move(from_, to, mover) is wanted, (from_, to, mover)


def test_every_refusal_is_a_sentence():
    for from_, to in itertools.product(State, State):
        if (from_, to) not in MOVES:
            with pytest.raises(MoveRefused) as refused:
                check_move(from_, to, PERSON)
            assert str(refused.value).endswith(".")


def test_every_settled_state_is_left_by_nobody_but_a_person():
    for from_, to in MOVES:
        if from_ not in OPEN:
            assert MOVES[from_, to] == {PERSON}
            assert to is State.DUE


def test_statuses_are_told_apart():
    taken, passing = {200, 201, 204, 299}, {302, 408, 409, 412, 425, 429, 500, 503, 599}
    refused = {400, 404, 405, 410, 413, 415, 422, 451}
    wanted = {
        **dict.fromkeys(taken, Verdict.TAKEN),
        **dict.fromkeys(passing, Verdict.PASSING),
        **dict.fromkeys(refused, Verdict.REFUSED),
        **dict.fromkeys({401, 403}, Verdict.BARRED),
    }
    assert {status: verdict_of(status) for status in wanted} == wanted


def test_what_follows_from_a_failure():
    policy = delivery_policy()
    assert after_failure(Verdict.REFUSED, 1, policy) is State.REFUSED
    for verdict in (Verdict.PASSING, Verdict.BARRED):
        assert after_failure(verdict, policy.tries - 1, policy) is State.DUE
        assert after_failure(verdict, policy.tries, policy) is State.DEAD


def test_waits_grow_and_last_longer_than_a_weekend():
    policy = delivery_policy()
    waits = [wait_after(tries, policy) for tries in range(1, policy.tries)]
    assert waits[:3] == [timedelta(seconds=s) for s in (30, 60, 120)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
    assert sum(waits, timedelta()) > timedelta(hours=60)
    assert wait_after(10_000, policy) == timedelta(hours=6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tries": 0}, "at least 1"),
        ({"lease": 50}, "two would send at once"),
        ({"first_wait": 90_000}, "first wait"),
        ({"tries": "5"}, "whole number"),
        ({"more": 1}, "unknown key"),
    ],
)
def test_policy_that_would_do_harm_is_refused(change, said):
    shipped = read_json(ROOT / "delivery.json", ROOT)
    with pytest.raises(DefinitionError, match=said):
        build_delivery_policy({**shipped, **change}, file="delivery.json")


@pytest.mark.parametrize(
    "statement",
    [
        None,
        [],
        {"resourceType": "Patient"},
        {"resourceType": "CapabilityStatement", "fhirVersion": "5.0.0"},
        {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": "x"},
        {
            "resourceType": "CapabilityStatement",
            "fhirVersion": "4.0.1",
            "rest": [{"mode": "client"}],
        },
    ],
)
def test_what_is_no_server_of_r4_is_known(statement):
    assert read_capability(statement) is None


def test_capability_is_read_for_what_we_need():
    resource: dict[str, Any] = {
        "type": "Observation",
        "interaction": [{"code": "create"}],
        "searchParam": [{"name": "identifier"}],
    }
    rest = {
        "mode": "server",
        "interaction": [{"code": "transaction"}],
        "resource": [resource, "odd"],
    }
    stated = {"resourceType": "CapabilityStatement", "rest": [rest]}
    capable = read_capability(stated)
    assert capable.takes_whole(["Observation"])
    assert not capable.takes_whole(["Observation", "Patient"])
    resource["conditionalUpdate"] = False
    assert not read_capability(stated).takes_whole(["Observation"])
    assert read_capability(stated).types["Observation"].create
