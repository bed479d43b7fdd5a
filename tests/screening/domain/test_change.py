"""Two totals: reliable change, response and remission."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.change import compare
from tests.screening.domain.conftest import shipped


@pytest.mark.parametrize(
    ("earlier", "later", "reliable", "response", "remission", "meaningful"),
    [
        (20, 20, "none", False, False, False),
        (20, 15, "none", False, False, True),
        (20, 16, "none", False, False, False),
        (20, 14, "improvement", False, False, True),
        (20, 10, "improvement", True, False, True),
        (20, 11, "improvement", False, False, True),
        (20, 4, "improvement", True, True, True),
        (10, 5, "none", True, False, True),
        (5, 4, "none", False, True, False),
        (4, 3, "none", False, False, False),
        (10, 15, "none", False, False, True),
        (10, 16, "worsening", False, False, True),
        (0, 0, "none", False, False, False),
        (0, 6, "worsening", False, False, True),
        (1, 0, "none", True, False, False),
    ],
)
def test_compare_phq9(phq9, earlier, later, reliable, response, remission, meaningful):
    change = compare(phq9.change, earlier, later)
    assert change.reliable == reliable
    assert change.response is response
    assert change.remission is remission
    assert change.meaningful is meaningful
    assert change.difference == later - earlier
    assert change.source == "NHS Talking Therapies (IAPT manual; NCT05134103)"


@pytest.mark.parametrize(("later", "reliable"), [(13, "none"), (14, "worsening")])
def test_compare_gad7_prints_the_published_number(gad7, later, reliable):
    change = compare(gad7.change, 10, later)
    assert change.reliable == reliable
    assert not change.response
    assert not change.remission
    assert not change.meaningful
    assert gad7.change.reliable_alternatives[0].points == 6


@given(earlier=st.integers(0, 27), later=st.integers(0, 27))
def test_compare_is_symmetric(earlier, later):
    rule = shipped("phq-9").change
    there, back = compare(rule, earlier, later), compare(rule, later, earlier)
    mirror = {"improvement": "worsening", "worsening": "improvement", "none": "none"}
    assert back.reliable == mirror[there.reliable]
    assert back.meaningful == there.meaningful


def test_compare_takes_the_share_exactly(phq9):
    assert not compare(phq9.change, 101, 51).response
    assert compare(phq9.change, 101, 50).response
