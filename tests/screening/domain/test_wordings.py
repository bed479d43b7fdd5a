"""Every pair of states for every part, against a table written by hand."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.wordings import (
    MOVES,
    REVIEWERS,
    SHOWN,
    MoveRefused,
    Part,
    State,
    approved_by,
    can_move,
    check_move,
    same_words,
)

# from, to: gate, clinician, lived experience, successor
ALLOWED = """
PROPOSED GATED     yes no  no  no
GATED    APPROVED  no  yes yes no
APPROVED RETIRED   no  yes yes yes
PROPOSED VETOED    no  yes yes no
GATED    VETOED    no  yes yes no
APPROVED VETOED    no  yes yes no
RETIRED  VETOED    no  yes yes no
"""


def table() -> dict[tuple[State, State, Part], bool]:
    found = dict.fromkeys(itertools.product(State, State, Part), False)
    for line in ALLOWED.strip().splitlines():
        from_, to, *said = line.split()
        for part, word in zip(Part, said, strict=True):
            found[State(from_), State(to), part] = word == "yes"
    return found


@pytest.mark.parametrize(
    ("from_", "to", "part"), list(itertools.product(State, State, Part))
)
def test_move_follows_the_table(from_, to, part):
    allowed = table()[from_, to, part]

    assert can_move(from_, to, part) is allowed
    if not allowed:
        with pytest.raises(MoveRefused, match=r"^[A-Z].*\.$"):
            check_move(from_, to, part)


def test_move_table_has_nothing_else():
    assert set(MOVES) == {(from_, to) for (from_, to, _), yes in table().items() if yes}


def test_veto_is_open_to_either_reviewer_from_every_other_state():
    for state in set(State) - {State.VETOED}:
        assert MOVES[state, State.VETOED] == REVIEWERS


def test_nothing_leads_out_of_a_veto():
    assert not [pair for pair in MOVES if pair[0] is State.VETOED]


@pytest.mark.parametrize(
    ("roles", "enough"),
    [
        ((), False),
        (("CLINICIAN",), False),
        (("LIVED_EXPERIENCE",), False),
        (("CLINICIAN", "LIVED_EXPERIENCE"), True),
    ],
)
def test_both_roles_are_needed(roles, enough):
    assert approved_by(roles) is enough


def test_no_policy_shows_what_is_retired_vetoed_or_unchecked():
    hidden = {State.PROPOSED, State.RETIRED, State.VETOED}
    assert set(SHOWN) == {"official", "approved", "gated"}
    for states in SHOWN.values():
        assert not states & hidden


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("How often?", "how  OFTEN", True),
        ("decaído(a)", "decaido (a)", True),
        ("last 2 weeks", "last two weeks", False),
        ("not able", "able", False),
    ],
)
def test_same_words_looks_past_marks_and_case_only(one, other, same):
    assert same_words(one, other) is same


@given(st.text())
def test_same_words_holds_for_a_text_and_itself(text):
    assert same_words(text, f" {text} ")
