"""From a short form to its longer one: who is asked what, numbered right, never twice."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain import counting, dialogue
from screening.domain.dialogue import Sitting, Step
from screening.domain.stepping import (
    Follows,
    asked_instead,
    counts_in,
    in_place_of,
    replaced_by,
)
from screening.domain.stepping_plan import plan
from screening.domain.stepping_rules import build_stepping, check_stepping
from tests.screening.domain.conftest import SHIPPED, read

ITEM_9 = "/44260-8"
INTEREST, MOOD, SLEEP = "/44250-9", "/44255-8", "/44259-0"
BATTERIES = (("phq-2",), ("gad-2",), ("phq-4",), ("phq-2", "gad-2"), ("phq-2", "phq-9"))
shared = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
VALUE = st.sampled_from([0, 0, 1, 2, 3, None])


def answer(sitting, step, value):
    """The sitting after one more answer."""
    parts = list(sitting.parts)
    here = parts[step.part]
    parts[step.part] = replace(here, answers={**here.answers, step.link_id: value})
    return replace(sitting, parts=tuple(parts))


def walk(sitting, values):
    """Answer what is open to the end: yields each step with the sitting before it."""
    while (step := dialogue.first_open(sitting)) is not None:
        value = values[(step.part, step.link_id)]
        yield step, value, sitting
        sitting = answer(sitting, step, value)


def ids(sitting, part):
    return [step.link_id for step in dialogue.steps(sitting) if step.part == part]


def names(parts):
    return [part.instrument.id for part in parts]


@st.composite
def said(draw):
    """A battery, and what the patient would say to every item that could come."""
    battery = draw(st.sampled_from(BATTERIES))
    numbers = draw(st.lists(VALUE, min_size=60, max_size=60))
    return battery, draw(st.booleans()), numbers


def values_for(parts, numbers):
    steps = [
        (i, item.link_id) for i, p in enumerate(parts) for item in p.instrument.items
    ]
    return dict(zip(steps, numbers, strict=False))


def test_each_longer_form_stands_behind_its_short_one(planned):
    assert names(planned("phq-2", "gad-2")) == ["phq-2", "phq-9", "gad-2", "gad-7"]
    assert [p.follows.of for p in planned("phq-2", "gad-2")[1::2]] == [0, 2]
    assert names(planned("phq-4")) == ["phq-4", "phq-9", "gad-7"]
    assert names(planned("phq-9", "gad-7")) == ["phq-9", "gad-7"]


def test_a_plan_survives_its_way_into_the_database(planned):
    for part in planned("phq-4")[1:]:
        assert Follows.from_dict(part.follows.to_dict()) == part.follows


def test_below_the_cut_item_9_is_asked_all_the_same(planned):
    sitting = Sitting(parts=planned("phq-2"))
    sitting = answer(sitting, Step(part=0, link_id=INTEREST), 1)
    sitting = answer(sitting, Step(part=0, link_id=MOOD), 0)
    assert ids(sitting, 1) == [ITEM_9]
    assert not dialogue.is_whole(sitting, 1)


def test_at_the_cut_the_rest_follows_and_nothing_is_asked_again(planned, phq9):
    sitting = Sitting(parts=planned("phq-2"))
    sitting = answer(sitting, Step(part=0, link_id=INTEREST), 2)
    rest = [item.link_id for item in phq9.items[2:]]
    assert ids(sitting, 1) == rest  # the first two are reached already: 2 of 2
    assert dialogue.answers_of(sitting, 1) == {INTEREST: 2}


def test_a_declined_item_counts_as_reached(planned):
    sitting = Sitting(parts=planned("gad-2"))
    assert ids(sitting, 1) == []
    assert len(ids(answer(sitting, Step(part=0, link_id="/69725-0"), None), 1)) == 5


def test_what_was_begun_is_asked_whole_whatever_is_changed(planned):
    begun = Sitting(parts=planned("phq-2"))
    for step, value in (
        (Step(part=0, link_id=INTEREST), 3),
        (Step(part=1, link_id=SLEEP), 2),
    ):
        begun = answer(begun, step, value)
    lowered = answer(begun, Step(part=0, link_id=INTEREST), 0)
    assert dialogue.is_whole(lowered, 1)
    assert ids(lowered, 1) == ids(begun, 1)


def test_before_it_was_begun_a_lowered_answer_takes_it_back(planned):
    sitting = answer(Sitting(parts=planned("phq-2")), Step(part=0, link_id=MOOD), 2)
    assert ids(answer(sitting, Step(part=0, link_id=MOOD), 0), 1) == [ITEM_9]


def test_item_9_alone_does_not_begin_the_rest(planned):
    sitting = answer(Sitting(parts=planned("phq-2")), Step(part=1, link_id=ITEM_9), 3)
    assert ids(sitting, 1) == [ITEM_9]


def test_a_longer_form_that_was_chosen_as_well_is_whole_and_keeps_answers(
    planned, phq9
):
    sitting = Sitting(parts=planned("phq-2", "phq-9"))
    assert ids(sitting, 1) == [i.link_id for i in phq9.items[2:9]]
    assert dialogue.is_whole(sitting, 1)
    before = planned("phq-9", "phq-2")
    assert [part.follows for part in before] == [None, None]


def test_numbers_say_both_ends_until_they_are_sure(planned):
    sitting = Sitting(parts=planned("phq-2"))
    first = Step(part=0, link_id=INTEREST)
    assert (dialogue.number(sitting, first), counting.most(sitting)) == ((1, 3), 10)
    low = answer(answer(sitting, first, 0), Step(part=0, link_id=MOOD), 1)
    assert (len(dialogue.steps(low)), counting.most(low)) == (3, 3)
    high = answer(answer(sitting, first, 1), Step(part=0, link_id=MOOD), 1)
    assert (len(dialogue.steps(high)), counting.most(high)) == (10, 10)


def test_a_changed_question_is_not_the_same_question(load, step_rules):
    other = replace(load("phq-9"), instruction="In your whole life, how often?")
    found = plan([load("phq-2")], step_rules, {"phq-9": other}, always=True)
    assert names(found) == ["phq-2"]


@shared
@given(given_=said())
def test_every_path_ends_and_nothing_is_asked_twice(planned, given_):
    battery, always, numbers = given_
    parts = planned(*battery, always=always)
    asked = [
        step for step, _, _ in walk(Sitting(parts=parts), values_for(parts, numbers))
    ]
    assert len(asked) == len(set(asked))
    for index, part in enumerate(parts):
        kept = set(part.follows.items) if part.follows else set()
        assert not kept & {step.link_id for step in asked if step.part == index}


@shared
@given(given_=said())
def test_numbers_never_turn_out_wrong(planned, given_):
    battery, always, numbers = given_
    parts = planned(*battery, always=always)
    path = list(walk(Sitting(parts=parts), values_for(parts, numbers)))
    for place, (step, _, sitting) in enumerate(path, 1):
        n, least = dialogue.number(sitting, step)
        assert n == place
        assert least <= len(path) <= counting.most(sitting)


@shared
@given(given_=said())
def test_item_9_is_always_asked_unless_turned_off(planned, given_):
    battery, always, numbers = given_
    parts = planned(*battery, always=always)
    asked = {
        s.link_id for s, _, _ in walk(Sitting(parts=parts), values_for(parts, numbers))
    }
    if always and {"phq-2", "phq-4"} & set(battery):
        assert ITEM_9 in asked


@shared
@given(given_=said())
def test_an_instrument_once_begun_is_completed_whole(planned, given_):
    battery, always, numbers = given_
    parts = planned(*battery, always=always)
    sitting = Sitting(parts=parts)
    for step, value, before in walk(sitting, values_for(parts, numbers)):
        sitting = answer(before, step, value)
    for index, part in enumerate(sitting.parts):
        answered = set(dialogue.answers_of(sitting, index))
        scored = {item.link_id for item in part.instrument.scored_items}
        begun = part.follows is None or set(part.answers) - set(part.follows.always)
        assert not begun or scored <= answered


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("cut", 7, "the cut of 7 is beyond 6"),
        ("always", [], "a safety item is not among those asked all the same"),
        ("items", ["/nothing"], "The PHQ-2 has no item '/nothing'."),
        ("short", "phq-3", "no instrument phq-3"),
        ("long", "phq-99", "no phq-99 in en"),
    ],
)
def test_a_step_that_leads_nowhere_is_refused(load, path, value, reason):
    data = read(SHIPPED / "rules" / "stepping.json")
    data["steps"] = [{**data["steps"][0], path: value}]
    rules = build_stepping(data, file="stepping.json")
    forms = [load("phq-2"), load("phq-9")]
    assert reason in [
        e.reason for e in check_stepping(rules, forms, file="stepping.json")
    ]


def test_the_shipped_steps_are_sound(load, step_rules):
    forms = [load(n) for n in ("phq-2", "gad-2", "phq-4", "phq-9", "gad-7")]
    assert list(check_stepping(step_rules, forms, file="stepping.json")) == []


@pytest.mark.parametrize(
    ("part", "link_id", "parts"),
    [
        (0, "a", (0, 1, 3)),  # given in the short form, kept in both longer ones
        (3, "a", (3, 0, 1)),
        (0, "b", (0, 1)),
        (1, "b", (1, 0)),
        (3, "b", (3,)),  # asked there in its own right
        (1, "z", (1,)),
        (2, "a", (2,)),
    ],
)
def test_one_answer_counts_in_every_form_that_keeps_it(part, link_id, parts):
    def follows(*items: str) -> Follows:
        return Follows(of=0, items=items, cut=1, declined=True, always=(), version="1")

    sitting = [None, follows("a", "b"), None, follows("a")]
    assert counts_in(sitting, part, link_id) == parts


def test_longer_forms_that_are_asked_in_place_of_a_short_one():
    led = Follows(of=0, items=("a",), cut=1, declined=True, always=(), version="1")
    whole = in_place_of(0, "1")
    replaced = [replaced_by(1, "1"), whole, None, whole, in_place_of(2, "1")]
    assert asked_instead(replaced, 0) == (1, 3)
    assert asked_instead(replaced, 1) == ()
    assert asked_instead([None, led], 0) == ()
