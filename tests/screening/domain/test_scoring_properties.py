"""Scores against a slow second implementation, over made-up answers."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.scoring import score
from tests.screening.domain import oracle
from tests.screening.domain.conftest import SHIPPED, read

SUMS = ["phq-9", "gad-7", "phq-8", "phq-4", "phq-2", "gad-2"]
VALUE = st.integers(0, 3)
MAYBE = st.one_of(VALUE, VALUE, VALUE, VALUE, st.none(), st.just(""))
# Fixtures here are values that nothing changes, so examples may share them.
shared = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def raw(instrument_id):
    return read(SHIPPED / "instruments" / instrument_id / "instrument.json")


@pytest.mark.parametrize("instrument_id", SUMS)
@shared
@given(data=st.data())
def test_total_and_band_agree_with_the_oracle(instrument_id, data, request):
    instrument = request.getfixturevalue("load")(instrument_id)
    size = len(instrument.scored_items)
    values = data.draw(st.lists(MAYBE, min_size=size, max_size=size))
    answers = request.getfixturevalue("answered")(instrument, *values)
    found, told = score(instrument, answers), raw(instrument_id)
    assert found.total == oracle.total(told, answers)
    if told["bands"] and found.total is not None:
        assert found.band == oracle.band(told, found.total)


@shared
@given(values=st.lists(VALUE, min_size=9, max_size=9))
def test_algorithm_agrees_with_the_oracle(phq9, answered, values):
    expected = {
        "major": phq9.algorithm.findings[0].text,
        "other": phq9.algorithm.findings[1].text,
        "none": phq9.algorithm.otherwise,
    }
    found = score(phq9, answered(phq9, *values)).algorithm
    assert found == expected[oracle.phq9_algorithm(values)]


@shared
@given(values=st.lists(MAYBE, min_size=9, max_size=9))
def test_prorating_agrees_with_the_oracle(phq9, answered, values):
    answers = answered(phq9, *values)
    found, told = score(phq9, answers, prorate=True), raw("phq-9")
    expected = oracle.phq9_prorated(told, answers)
    assert found.prorated == (expected is not None)
    if expected is not None:
        assert found.total == expected
        assert found.band == oracle.band(told, expected)


@shared
@given(values=st.lists(VALUE, min_size=9, max_size=9), index=st.integers(0, 8))
def test_raising_one_answer_never_lowers_the_score(phq9, answered, values, index):
    before = score(phq9, answered(phq9, *values))
    values[index] = min(3, values[index] + 1)
    after = score(phq9, answered(phq9, *values))
    assert after.total is not None
    assert before.total is not None
    assert after.total >= before.total
    labels = [band.label for band in phq9.bands]
    assert labels.index(after.band) >= labels.index(before.band)


@shared
@given(values=st.permutations([0, 0, 1, 1, 2, 2, 3, 3, 1]))
def test_total_does_not_depend_on_the_order(phq9, answered, values):
    assert score(phq9, answered(phq9, *values)).total == 13
