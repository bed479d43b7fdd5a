"""Shares, their intervals, and what a target makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.language.evaluation import table
from screening.language.evaluation.figures import Share, share
from screening.language.evaluation.judging import Mark
from screening.language.evaluation.table import Target


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Worked by hand from Wilson's formula with z = 1.96.
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (97, 100, 0.9155, 0.9897)],
)
def test_the_interval_is_wilsons(hits, of, low, high):
    found = Share(hits, of).interval
    assert found == pytest.approx((low, high), abs=1e-4)


@given(
    st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
)
def test_the_interval_holds_the_share(pair):
    found = Share(*pair)
    low, high = found.interval
    assert found.value is not None
    assert 0 <= low <= found.value <= high <= 1


def test_no_rows_are_no_share():
    assert share([]).value is None
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Target("x", "", at_least=0.5).holds(share([])) is None


@pytest.mark.parametrize(
    ("target", "hits", "holds"),
    [
        (Target("x", "", at_least=0.95), 95, True),
        (Target("x", "", at_least=0.95), 94, False),
        (Target("x", "", at_most=0.01), 1, True),
        (Target("x", "", at_most=0.01), 2, False),
        (Target("x", "", at_most=0.0), 1, False),
        (Target("x", ""), 3, None),
    ],
)
def test_a_target_is_a_bound(target, hits, holds):
    assert target.holds(Share(hits, 100)) is holds


def marks(lang, *yes, measure="safety.found"):
    return [
        Mark(measure, lang, "indirect", one, f"{lang}{n}", {})
        for n, one in enumerate(yes)
    ]


def test_each_language_has_its_line_and_both_the_verdict():
    english, spanish, both = table.summary([*marks("en", True), *marks("es", False)])
    assert [line.share for line in (english, spanish, both)] == [
        Share(1, 1),
        Share(0, 1),
        Share(1, 2),
    ]
    assert (english.holds, spanish.holds, both.holds) == (None, None, False)


def test_spanish_may_not_fall_behind():
    level = [True] * 97 + [False] * 3
    lines = table.summary([*marks("en", *level), *marks("es", *level)])
    assert table.behind(lines) == []
    lines = table.summary([*marks("en", *level), *marks("es", *level[5:])])
    assert table.behind(lines) == []
    behind = table.summary([*marks("en", *level), *marks("es", True, False)])
    assert [line.lang for line in table.behind(behind)] == ["es"]


def test_wrong_rows_are_those_that_speak_against_a_target():
    found = [
        *marks("en", True, False),
        *marks("es", True, False, measure="safety.false_urgent"),
        *marks("es", True, False, measure="clarify.first"),
    ]
    assert [(m.measure, m.row) for m in table.wrong(found)] == [
        ("safety.found", "en1"),
        ("safety.false_urgent", "es0"),
    ]
