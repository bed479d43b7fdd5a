"""Nothing small is shown, and nothing hidden can be worked out from what is shown."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicians.workflow.hiding import Key, Sum, hidden

SMALLEST = 4
ALL = "all"


def table(rows: Sequence[Sequence[int]]) -> tuple[dict[Key, int], list[Sum]]:
    """A table with a total of every row, of every column and of everything."""
    high, wide = len(rows), len(rows[0])
    values: dict[Key, int] = {
        (r, c): rows[r][c] for r in range(high) for c in range(wide)
    }
    sums = []
    for r in range(high):
        values[r, ALL] = sum(rows[r])
        sums.append(Sum((r, ALL), tuple((r, c) for c in range(wide))))
    for c in range(wide):
        values[ALL, c] = sum(row[c] for row in rows)
        sums.append(Sum((ALL, c), tuple((r, c) for r in range(high))))
    values[ALL, ALL] = sum(map(sum, rows))
    sums.append(Sum((ALL, ALL), tuple((r, ALL) for r in range(high))))
    sums.append(Sum((ALL, ALL), tuple((ALL, c) for c in range(wide))))
    return values, sums


def readings(
    values: Mapping[Key, int], sums: Sequence[Sum], kept: frozenset[Key]
) -> Iterator[dict[Key, int]]:
    """Tables that a reader might as well have before them, slowly and plainly: each
    hidden count one more or less or the same, at least one, and all adds up.
    """
    inner = [key for key in kept if ALL not in key]
    for moves in product((0, 1, -1), repeat=len(inner)):
        guess = {
            key: values[key] + move for key, move in zip(inner, moves, strict=True)
        }
        if min(guess.values(), default=1) < 1:
            continue
        whole = {**values, **guess}
        for one in sums:
            if one.total in kept:
                whole[one.total] = sum(whole[key] for key in one.parts)
        adds_up = all(
            whole[one.total] == sum(whole[key] for key in one.parts) for one in sums
        )
        if adds_up:
            yield whole


small_tables = st.lists(
    st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2
)
wide_tables = st.lists(
    st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=2
)


def check_nothing_leaks(rows: Sequence[Sequence[int]]) -> None:
    values, sums = table(rows)
    kept = hidden(values, sums, smallest=SMALLEST)
    assert all(key in kept for key, value in values.items() if 0 < value < SMALLEST)
    open_: dict[Key, set[int]] = {key: set() for key in kept}
    for reading in readings(values, sums, kept):
        for key in kept:
            open_[key].add(reading[key])
        if all(len(found) > 1 for found in open_.values()):
            return
    assert not kept, {key: found for key, found in open_.items() if len(found) < 2}


@given(small_tables)
@settings(max_examples=200)
def test_square_table_gives_nothing_away(rows):
    check_nothing_leaks(rows)


@given(wide_tables)
@settings(max_examples=60)
def test_wide_table_gives_nothing_away(rows):
    check_nothing_leaks(rows)


@given(
    st.lists(
        st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=5, max_size=5
    )
)
@settings(max_examples=60)
def test_no_line_of_a_larger_table_has_one_hidden_or_a_small_group(rows):
    values, sums = table(rows)
    kept = hidden(values, sums, smallest=11)
    for one in sums:
        parts = [key for key in one.parts if key in kept]
        assert len([key for key in one.members if key in kept]) != 1
        if parts and one.total not in kept:
            assert sum(values[key] for key in parts) >= 11
    assert not [key for key in kept if not values[key]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"all": 40, "a": 20, "b": 20}, set()),
        ({"all": 40, "a": 40, "b": 0}, set()),
        # One small part: the next larger goes with it.
        ({"all": 60, "a": 3, "b": 20, "c": 37}, {"a", "b"}),
        # Two small parts are a small group: a third goes with them.
        ({"all": 48, "a": 3, "b": 5, "c": 40, "d": 0}, {"a", "b", "c"}),
        # Eleven people in eleven hidden counts would be one in each.
        (
            {"all": 31, **dict.fromkeys("abcdefghijk", 1), "z": 20},
            {*"abcdefghijk", "z"},
        ),
        # A total that is small itself.
        ({"all": 4, "a": 4, "b": 0}, {"all", "a"}),
        ({"all": 20, "a": 0, "b": 20, "c": 0}, set()),
    ],
)
def test_a_single_line(values, expected):
    sums = [Sum("all", tuple(key for key in values if key != "all"))]
    assert hidden(values, sums, smallest=11) == expected


def test_a_part_that_is_all_of_a_hidden_total_takes_nothing_more_with_it():
    values = {"all": 30, "a": 12, "b": 18, "a1": 5, "a2": 7}
    sums = [Sum("all", ("a", "b")), Sum("a", ("a1", "a2"))]
    assert hidden(values, sums, smallest=11) == {"a1", "a2"}


def test_two_tables_that_share_a_total_are_read_together():
    values = {"all": 50, "a": 5, "b": 45, "x": 20, "y": 30}
    sums = [Sum("all", ("a", "b")), Sum("all", ("x", "y"))]
    assert hidden(values, sums, smallest=11) == {"a", "b"}


def test_what_only_several_lines_together_give_away_is_found():
    # Each line has two unknowns; all six lines together leave none.
    values = {"ab": 32, "bc": 34, "ac": 36, "a": 17, "b": 15, "c": 19}
    sums = [Sum("ab", ("a", "b")), Sum("bc", ("b", "c")), Sum("ac", ("a", "c"))]
    assert hidden({**values, "b": 5, "ab": 22, "bc": 24}, sums, smallest=11) >= {"b"}
    kept = hidden({**values, "b": 5, "ab": 22, "bc": 24}, sums, smallest=11)
    assert {"ab", "bc", "ac"} & kept


def test_nothing_is_hidden_from_whoever_may_count_for_themselves():
    values, sums = table([[1, 2], [3, 0]])
    assert hidden(values, sums, smallest=1) == frozenset()
