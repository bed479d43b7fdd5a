"""What is open, the numbering, and the way there and back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.dialogue import (
    Part,
    Sitting,
    Step,
    after,
    before,
    first_open,
    number,
    steps,
)

DIFFICULTY = "/69722-7"


@pytest.fixture
def sit(phq9, gad7, answered):
    """A sitting of PHQ-9 and GAD-7 with these answers, in item order."""

    def make(first=(), second=()):
        parts = (
            Part(instrument=phq9, answers=answered(phq9, *first)),
            Part(instrument=gad7, answers=answered(gad7, *second)),
        )
        return Sitting(parts=parts)

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


def test_nothing_is_open_when_all_is_said(sit):
    assert first_open(sit([0] * 9, [0] * 7)) is None
    assert first_open(Sitting(parts=())) is None


def test_asq_asks_about_now_only_after_a_yes_or_refusal(asq, answered):
    def at(*values):
        part = Part(instrument=asq, answers=answered(asq, *values))
        return first_open(Sitting(parts=(part,)))

    assert at(0, 0, 0, 0) is None
    assert at(0, 0, 1, 0).link_id == "asq-5"
    assert at(0, None, 0, 0).link_id == "asq-5"


SAID = st.lists(st.sampled_from([0, 1, 3, None, ""]), max_size=10)
shared = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@shared
@given(first=SAID, second=SAID)
def test_first_open_is_one_of_the_steps_and_not_answered(sit, first, second):
    sitting = sit(first, second)
    step = first_open(sitting)
    unanswered = [
        one
        for one in steps(sitting)
        if one.link_id not in sitting.parts[one.part].answers
    ]
    assert step == (unanswered[0] if unanswered else None)


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
