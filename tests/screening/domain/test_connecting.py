"""The line above a question depends on its place, never on what anybody answered."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import definitions
from screening.domain import connecting
from screening.domain.dialogue import Part, Sitting, Step, steps

ANSWER = st.sampled_from([0, 1, 2, 3, None])
# What would praise an answer, pity it, or lead to one.
STEERS = re.compile(
    r"\b(great|good|well done|perfect|bravo|sorry|hard|brave|better|worse|glad|sad|"
    r"easy|should|bien hecho|bueno|buena|perfecto|excelente|lamento|siento|valiente|"
    r"mejor|peor|alegra|triste|fácil|debería)\b",
    re.IGNORECASE,
)


def said_to(parts, step, met=False):
    lines = definitions.connecting("en")
    return connecting.line(lines, connecting.place_of(parts, step), met=met)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    battery=st.sampled_from([("phq-9", "gad-7"), ("phq-2", "gad-2"), ("phq-4",)]),
    one=st.lists(ANSWER, min_size=40, max_size=40),
    other=st.lists(ANSWER, min_size=40, max_size=40),
)
def test_two_people_read_the_same_line_above_the_same_question(
    planned, battery, one, other
):
    parts = planned(*battery)

    def answered(values):
        numbers = iter(values)
        return tuple(
            Part(
                instrument=part.instrument,
                answers={i.link_id: next(numbers, 0) for i in part.instrument.items},
                follows=part.follows,
            )
            for part in parts
        )

    mine, yours = answered(one), answered(other)
    both = set(steps(Sitting(parts=mine))) & set(steps(Sitting(parts=yours)))
    for step in both:
        assert said_to(mine, step) == said_to(yours, step)


def test_it_begins_once_and_the_shared_stem_is_not_begun_again(planned):
    parts = planned("phq-9", "gad-7")
    first = Step(part=0, link_id="/44250-9")
    assert said_to(parts, first).startswith("Let’s begin.")
    anxious = Step(part=1, link_id="/69725-0")
    assert not connecting.place_of(parts, anxious).new_stem
    assert said_to(parts, anxious) in definitions.connecting("en")["next"]


def test_other_words_before_an_item_are_announced(load):
    parts = (
        Part(instrument=load("phq-9"), answers={}),
        Part(instrument=load("asq"), answers={}),
    )
    place = connecting.place_of(parts, Step(part=1, link_id="asq-1"))
    assert place.new_stem


def test_last_is_said_only_where_no_answer_can_add_a_question(load, planned):
    alone = (Part(instrument=load("phq-2"), answers={}),)
    mood = Step(part=0, link_id="/44255-8")
    assert said_to(alone, mood) == "This is the last question."
    assert "last" not in said_to(planned("phq-2"), mood)


def test_item_9_has_its_own_line_also_when_seen_again(planned):
    step = Step(part=0, link_id="/44260-8")
    line = said_to(planned("phq-9"), step, met=True)
    assert line == "Take the time you need for this one."


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_lines_are_brief_and_steer_nothing(language):
    lines = definitions.connecting(language)
    english = definitions.connecting("en")
    assert {k: len(v) for k, v in lines.items()} == {
        k: len(v) for k, v in english.items()
    }
    for each in (line for kind in lines.values() for line in kind):
        assert len(each) <= 90
        assert not STEERS.search(each), each
        assert "{" not in each
        assert "!" not in each
