"""The next move, the numbering, and the way there and back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.dialogue import (
    Ask,
    Confirm,
    Part,
    Proposal,
    Review,
    Sitting,
    Step,
    after,
    before,
    first_open,
    next_move,
    number,
    steps,
)

DIFFICULTY = "/69722-7"


@pytest.fixture
def sit(phq9, gad7, answered):
    """A sitting of PHQ-9 and GAD-7 with these answers, in item order."""

    def make(first=(), second=(), proposal=None):
        parts = (
            Part(instrument=phq9, answers=answered(phq9, *first)),
            Part(instrument=gad7, answers=answered(gad7, *second)),
        )
        return Sitting(parts=parts, proposal=proposal)

    return make


def test_steps_run_through_all_parts(sit, phq9, gad7):
    path = steps(sit())
    assert len(path) == 16
    assert path[0] == Step(part=0, link_id="/44250-9")
    assert path[9] == Step(part=1, link_id="/69725-0")
    assert len(steps(sit((1,)))) == 17
    assert len(steps(sit((1,), (1,)))) == 18


def test_number_counts_within_the_sitting(sit):
    assert number(sit(), Step(part=0, link_id="/44250-9")) == (1, 16)
    assert number(sit(), Step(part=1, link_id="/69736-7")) == (16, 16)
    assert number(sit((1,)), Step(part=1, link_id="/69725-0")) == (11, 17)


def test_same_item_in_two_parts_is_two_steps(sit):
    sitting = sit((1,), (1,))
    assert number(sitting, Step(part=0, link_id=DIFFICULTY)) == (10, 18)
    assert number(sitting, Step(part=1, link_id=DIFFICULTY)) == (18, 18)


def test_number_refuses_a_step_that_is_not_asked(sit):
    with pytest.raises(ValueError, match="not in tuple"):
        number(sit(), Step(part=0, link_id=DIFFICULTY))


def test_first_open_passes_over_declined_items(sit):
    assert first_open(sit()) == Step(part=0, link_id="/44250-9")
    assert first_open(sit((0, None))) == Step(part=0, link_id="/44259-0")
    assert first_open(sit([0] * 9)) == Step(part=1, link_id="/69725-0")
    assert first_open(sit([0] * 9, [None] * 7)) is None
    assert first_open(sit([1] * 9, [0] * 7)) == Step(part=0, link_id=DIFFICULTY)


def test_first_step_has_nothing_before_it_and_the_last_nothing_after(sit):
    sitting = sit()
    path = steps(sitting)
    assert before(sitting, path[0]) is None
    assert after(sitting, path[-1]) is None
    assert after(sitting, path[8]) == path[9]
    assert before(sitting, path[9]) == path[8]


def test_next_move_asks_the_first_open_item(sit):
    step = Step(part=0, link_id="/44255-8")
    assert next_move(sit((0,))) == Ask(step=step, number=2, of=16)


def test_next_move_asks_where_the_patient_went(sit):
    step = Step(part=0, link_id="/44250-9")
    assert next_move(sit((0, 0)), at_step=step) == Ask(step=step, number=1, of=16)


def test_next_move_passes_over_a_step_that_is_gone(sit):
    gone = Step(part=0, link_id=DIFFICULTY)
    assert next_move(sit((0,)), at_step=gone).step.link_id == "/44255-8"
    assert next_move(sit([0] * 9, [0] * 7), at_step=gone) == Review()


def test_next_move_confirms_a_proposal_first(sit):
    proposal = Proposal(part=0, link_id="/44255-8", value=1, words_turn="turn")
    move = next_move(
        sit((0,), proposal=proposal), at_step=Step(part=1, link_id="/69725-0")
    )
    assert move == Confirm(proposal=proposal, number=2, of=16)


def test_next_move_passes_over_a_proposal_that_is_gone(sit):
    proposal = Proposal(part=0, link_id=DIFFICULTY, value=1, words_turn="turn")
    move = next_move(sit(proposal=proposal))
    assert move == Ask(step=Step(part=0, link_id="/44250-9"), number=1, of=16)


def test_next_move_reviews_when_all_is_said(sit):
    assert next_move(sit([0] * 9, [0] * 7)) == Review()
    assert next_move(Sitting(parts=())) == Review()


def test_asq_asks_about_now_only_after_a_yes_or_refusal(asq, answered):
    def at(*values):
        part = Part(instrument=asq, answers=answered(asq, *values))
        return next_move(Sitting(parts=(part,)))

    assert at(0, 0, 0, 0) == Review()
    assert at(0, 0, 1, 0).step.link_id == "asq-5"
    assert at(0, None, 0, 0).step.link_id == "asq-5"


SAID = st.lists(st.sampled_from([0, 1, 3, None, ""]), max_size=10)
shared = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@shared
@given(
    first=SAID, second=SAID, index=st.integers(0, 30), value=st.sampled_from([0, None])
)
def test_next_move_is_total(sit, phq9, first, second, index, value):
    item = phq9.items[index % len(phq9.items)]
    proposal = Proposal(part=0, link_id=item.link_id, value=value, words_turn="t")
    step = Step(part=index % 2, link_id=item.link_id)
    for sitting in (sit(first, second), sit(first, second, proposal)):
        for move in (next_move(sitting), next_move(sitting, at_step=step)):
            last = len(steps(sitting))
            number_of = (getattr(move, "number", 1), getattr(move, "of", last))
            assert isinstance(move, Ask | Confirm | Review)
            assert 1 <= number_of[0] <= number_of[1] == last


@shared
@given(first=SAID, second=SAID)
def test_before_undoes_after_and_numbers_run_on(sit, first, second):
    sitting = sit(first, second)
    for place, step in enumerate(steps(sitting), 1):
        assert number(sitting, step) == (place, len(steps(sitting)))
        following = after(sitting, step)
        if following is not None:
            assert before(sitting, following) == step
            assert number(sitting, following)[0] == place + 1


@shared
@given(first=SAID, second=SAID)
def test_answering_the_open_item_always_ends(sit, answered, phq9, gad7, first, second):
    answers = [answered(phq9, *first), answered(gad7, *second)]

    def sitting():
        pairs = zip((phq9, gad7), answers, strict=True)
        return Sitting(parts=tuple(Part(instrument=i, answers=a) for i, a in pairs))

    asked = []
    while (step := first_open(sitting())) is not None:
        answers[step.part][step.link_id] = 1
        asked.append(step)
    assert len(asked) == len(set(asked)) <= 18
