"""The ASQ's outcome, and which items are asked at all."""

import pytest

from screening.domain.scoring import score, visible_items


@pytest.mark.parametrize(
    ("values", "triage"),
    [
        ((0, 0, 0, 0), "Negative screen"),
        ((0, 0, 0, 0, 0), "Negative screen"),
        ((1, 0, 0, 0, 0), "Non-acute positive screen"),
        ((0, 0, 0, 1, 1), "Acute positive screen"),
        ((0, None, 0, 0, 0), "Non-acute positive screen"),
        ((0, None, 0, 0, 1), "Acute positive screen"),
        ((0, 1, 0, 0, None), "Acute positive screen"),
        ((0, 0, 0, 0, 1), "Acute positive screen"),
        ((1, "", "", "", 0), "Non-acute positive screen"),
        ((1, 0, 0, 0), None),
        ((None, 0, 0, 0), None),
        ((0, 0, 0), None),
        ((), None),
        (("", "", "", "", 0), None),
    ],
)
def test_score_triage(asq, answered, values, triage):
    found = score(asq, answered(asq, *values))
    assert found.triage == triage
    assert (found.total, found.prorated) == (None, False)
    assert found.band is None
    assert found.subscales == ()


def test_score_triage_counts_a_refusal_as_an_answer(asq, answered):
    found = score(asq, answered(asq, None, 0, 0, 0, 0))
    assert found.complete
    assert found.declined == ("asq-1",)
    assert score(asq, answered(asq, None, 0, 0, 0)).missing == ("asq-5",)
    assert score(asq, answered(asq, 0, 0, 0)).missing == ("asq-4",)


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ((), 9),
        ((0, 0, 0), 9),
        ((None, 0, None), 9),
        ((0, 0, 1), 10),
        (("", "", "", "", "", "", "", "", 2), 10),
        (("", "", "", "", "", "", "", "", "", 2), 9),
    ],
)
def test_visible_items_add_difficulty_once_something_scored(
    phq9, answered, values, count
):
    assert len(visible_items(phq9, answered(phq9, *values))) == count


@pytest.mark.parametrize(
    ("values", "count"),
    [((), 4), ((0, 0, 0, 0), 4), ((0, 0, 1), 5), ((0, None), 5), ((0, 0, 0, 0, 1), 4)],
)
def test_visible_items_of_the_asq(asq, answered, values, count):
    assert len(visible_items(asq, answered(asq, *values))) == count
