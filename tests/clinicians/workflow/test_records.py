"""The rules of records: states, what may be merged, and who then stays."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicians.definitions import ROOT, records_policy
from clinicians.workflow.likeness import alike, read_name
from clinicians.workflow.records import (
    CHANGES,
    MergeRefused,
    RecordState,
    StateRefused,
    build_records_policy,
    check_merge,
    check_restore,
    check_state,
    roots,
)
from core.models import Patient
from screening.domain.reading import DefinitionError

A, I, D, M = (  # noqa: E741 - as in the table below
    RecordState.ACTIVE,
    RecordState.INACTIVE,
    RecordState.DECEASED,
    RecordState.MERGED,
)


def test_states_are_those_that_are_stored():
    assert {state.value for state in RecordState} == set(Patient.Status.values)


def test_every_change_of_state_is_allowed_or_refused_as_the_table_says():
    assert set(CHANGES) == set(RecordState)
    for before, after in product(RecordState, RecordState):
        if after in CHANGES[before]:
            check_state(before, after)
        else:
            with pytest.raises(StateRefused):
                check_state(before, after)
    for before in RecordState:
        if before in (I, D):
            check_restore(before)
        else:
            with pytest.raises(StateRefused):
                check_restore(before)


def test_what_may_be_merged():
    allowed = {(A, A), (A, I), (I, I), (D, D)}
    for kept, gone in product(RecordState, RecordState):
        if (kept, gone) in allowed:
            check_merge(kept, gone)
        else:
            with pytest.raises(MergeRefused):
                check_merge(kept, gone)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_roots_end_at_records_that_stay_or_the_circle_is_refused(pairs):
    links = dict(pairs)

    def ends(start: int) -> int | None:
        """The slow way: so many steps that a circle must have closed."""
        at = start
        for _ in range(len(links) + 1):
            if at not in links:
                return at
            at = links[at]
        return None

    slow = {start: ends(start) for start in links}
    if None in slow.values():
        with pytest.raises(MergeRefused):
            roots(links)
    else:
        assert roots(links) == slow
        assert not set(roots(links).values()) & set(links)


def test_shipped_policy_is_read_and_a_broken_one_refused():
    policy = records_policy()
    assert policy.reasons(I) == policy.inactive
    assert policy.reasons(D) == policy.deceased
    whole = json.loads((ROOT / "records.json").read_text())
    wrongs: list[dict[str, object]] = [
        {"likeness": 101},
        {"page": 0},
        {"inactive": []},
        {"deceased": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]},
        {"more": 1},
        {"language_names": {"en": ["english"], "es-US": ["english"]}},
        {"language_names": {"en": ["es-US"], "es-US": ["spanish"]}},
    ]
    for wrong in wrongs:
        with pytest.raises(DefinitionError):
            build_records_policy({**whole, **wrong}, file="records.json")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("García", "Ana"), ("GARCIA", "ana"), "Same name"),
        (("Garcia Lopez", "Ana"), ("Garcia", "Ana"), "Similar name"),
        (("Rodriguez", "Ana"), ("Rodrigues", "Anna"), "Similar name"),
        (("Garcia", "Ana M"), ("Garcia", "Ana Maria"), "Similar name"),
        (("Garcia", "A"), ("Garcia", "Ana"), "Similar name"),
        (("Garcia", "B"), ("Garcia", "Ana"), ""),
        (("Garcia", ""), ("Garcia", "Ana"), "no given name"),
        (("Garcia", "Ana"), ("Lopez", "Ana"), "another family name"),
        (("Garcia", "Ana"), ("Ana", "Garcia"), "other way round"),
        # Twins, and people who only share a day.
        (("Garcia", "Ana"), ("Garcia", "Luis"), ""),
        (("Garcia", "Ana"), ("Smith", "John"), ""),
    ],
)
def test_likeness(one, other, why):
    least = records_policy().likeness
    said = alike(read_name(*one), read_name(*other), least=least)
    assert why in said
    assert bool(said) is bool(why)
    back = alike(read_name(*other), read_name(*one), least=least)
    assert bool(back) is bool(said)
