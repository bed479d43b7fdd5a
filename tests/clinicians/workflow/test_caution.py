"""Read with caution: each reason at its threshold, and what holds for any conduct."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicians.definitions import ROOT, caution_policy
from clinicians.workflow.caution import (
    Conduct,
    ItemConduct,
    build_caution_policy,
    cautions,
)
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError

NUMBERS = (
    *("fast_seconds", "fast_items", "fast_percent", "slow_seconds", "span_hours"),
    *("item_changes", "changed_items", "questions"),
)
values = st.one_of(st.none(), st.integers(0, 3))
items = st.builds(
    ItemConduct,
    number=st.integers(1, 10),
    values=st.lists(values, min_size=1, max_size=5).map(tuple),
    seconds=st.lists(st.integers(0, 5000), max_size=5).map(tuple),
    questions=st.integers(0, 4),
    safety=st.booleans(),
)
conducts = st.builds(
    Conduct,
    items=st.lists(items, max_size=10).map(tuple),
    span=st.integers(0, 300_000),
)


def item(number: int = 1, *given: int | None, **fields: object) -> ItemConduct:
    return ItemConduct(number=number, values=given or (1,), **fields)  # type: ignore[arg-type]


def found(*given: ItemConduct, span: int = 0) -> dict[str, str]:
    conduct = Conduct(items=given, span=span)
    return {one.id: one.text for one in cautions(conduct, caution_policy())}


def test_calm_answers_raise_nothing():
    calm = [item(n, 1, seconds=(9,)) for n in range(1, 10)]
    assert found(*calm, span=120) == {}


def test_nothing_answered_raises_nothing():
    assert found() == {}


def test_fast_needs_enough_items_and_a_share_of_them():
    fast = [item(n, seconds=(1,)) for n in (1, 2)]
    calm = [item(n, seconds=(2,)) for n in range(3, 8)]
    assert "2 of 6 items" in found(*fast, *calm[:4])["fast"]
    assert "fast" not in found(*fast, *calm[:5])
    assert "fast" not in found(fast[0], calm[0])


def test_quick_change_after_a_long_look_is_not_fast():
    assert "fast" not in found(*[item(n, 0, 1, seconds=(9, 1)) for n in (1, 2, 3)])


def test_items_without_a_time_say_nothing_about_speed():
    assert found(*[item(n) for n in range(1, 10)]) == {}


@pytest.mark.parametrize(("seconds", "marked"), [(899, False), (900, True)])
def test_slow_begins_at_its_threshold(seconds, marked):
    assert ("slow" in found(item(4, seconds=(seconds,)))) is marked


def test_slow_names_the_items():
    reason = found(item(4, seconds=(2000,)), item(7, seconds=(950,)))["slow"]
    assert reason == "A page was open for 15 minutes or longer: item 4, item 7."


@pytest.mark.parametrize(("span", "marked"), [(86_399, False), (86_400, True)])
def test_long_begins_at_its_threshold(span, marked):
    assert ("long" in found(item(), span=span)) is marked


def test_changes_count_only_where_the_answer_became_another():
    assert found(item(1, 1, 1, 1)) == {}
    assert found(item(1, 1, 2)) == {}
    assert found(item(1, 1, None, 1))["changed"] == (
        "Answers were changed: item 1 twice."
    )


def test_many_items_changed_once_are_marked():
    once = [item(n, 1, 2) for n in (1, 2, 3)]
    assert "changed" in found(*once)
    assert "changed" not in found(*once[:2])


def test_any_change_about_self_harm_is_marked():
    assert "item 9" in found(item(9, 2, 0, safety=True))["safety-changed"]
    assert found(item(9, 2, safety=True)) == {}


def test_questions_are_counted_over_all_items():
    assert "asked" not in found(item(1, questions=2))
    reason = found(item(1, questions=2), item(2, questions=1))["asked"]
    assert reason == "Asked what questions mean: item 1 twice, item 2 once."


def test_one_question_about_self_harm_is_marked():
    assert set(found(item(9, questions=1, safety=True))) == {"safety-asked"}


@given(conducts)
def test_each_reason_stands_once_and_says_something(conduct):
    reasons = cautions(conduct, caution_policy())
    assert len({one.id for one in reasons}) == len(reasons)
    assert all(one.text.endswith(".") for one in reasons)


@given(conducts, st.sampled_from(["slow_seconds", "span_hours", "questions"]))
def test_a_higher_threshold_never_adds_a_reason(conduct, name):
    policy = caution_policy()
    higher = replace(policy, **{name: getattr(policy, name) * 2})
    strict = {one.id for one in cautions(conduct, policy)}
    assert {one.id for one in cautions(conduct, higher)} <= strict


@given(conducts)
def test_one_more_question_never_removes_a_reason(conduct):
    if not conduct.items:
        return
    first, *rest = conduct.items
    asked = replace(first, questions=first.questions + 1)
    more = replace(conduct, items=(asked, *rest))
    before = {one.id for one in cautions(conduct, caution_policy())}
    assert before <= {one.id for one in cautions(more, caution_policy())}


@given(conducts)
def test_without_changes_questions_or_times_nothing_is_said(conduct):
    plain = [
        replace(one, values=one.values[:1], seconds=(), questions=0)
        for one in conduct.items
    ]
    assert cautions(Conduct(items=tuple(plain)), caution_policy()) == ()


def shipped() -> dict[str, object]:
    data = read_json(ROOT / "caution.json", ROOT)
    assert isinstance(data, dict)
    return dict(data)


def test_the_shipped_thresholds_are_nobodys_review_yet():
    data = shipped()
    assert data["reviewed_by"] is None
    assert data["reviewed_on"] is None
    assert data["sources"]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_threshold_of_nothing_is_refused(name):
    with pytest.raises(DefinitionError, match=name):
        build_caution_policy({**shipped(), name: 0}, file="caution.json")


def test_a_share_over_all_is_refused():
    with pytest.raises(DefinitionError, match="fast_percent"):
        build_caution_policy({**shipped(), "fast_percent": 101}, file="caution.json")


def test_an_unknown_threshold_is_refused():
    with pytest.raises(DefinitionError):
        build_caution_policy({**shipped(), "faster": 1}, file="caution.json")
