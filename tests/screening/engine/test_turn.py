"""One turn: what is kept, what counts, what leads where."""

from unittest.mock import Mock

import pytest
from django.db import connection

from core import audit
from screening import engine
from screening.domain.instruments import AnswerRefused
from screening.engine import Claim
from screening.models import Answer, Episode, Flag, Score, Screening, Turn
from screening.models.sitting import NoSuchSitting, load
from tests.screening.conftest import ITEM_9, Walk

ITEM_1 = "/44250-9"
ITEM_2 = "/44255-8"
GAD_1 = "/69725-0"


def test_tap_leads_to_the_next_item(walking: Walk) -> None:
    outcome = walking.tap(ITEM_1, 2).outcome
    assert (outcome.to, outcome.link_id, outcome.number) == ("question", ITEM_2, 2)
    assert walking.sitting().answers(0) == {ITEM_1: 2}


def test_first_answer_starts_the_screening(walking: Walk) -> None:
    walking.tap(ITEM_1, 0)
    screening = walking.sitting().screening
    assert screening.status == Screening.Status.IN_PROGRESS
    assert screening.started_at == walking.at


def test_declining_is_kept_apart_from_not_answering(walking: Walk) -> None:
    walking.say(ITEM_1, declined=True)
    row = Answer.objects.get()
    assert (row.value, row.declined) == (None, True)
    assert walking.sitting().answers(0) == {ITEM_1: None}


def test_replayed_key_gives_one_answer_and_the_same_page(walking: Walk) -> None:
    first = walking.tap(ITEM_1, 2, key="0.same").outcome
    again = walking.tap(ITEM_1, 2, key="0.same").outcome
    assert first == again
    assert [a.value for a in Answer.objects.all()] == [2]


def test_same_key_with_another_answer_is_no_replay(walking: Walk) -> None:
    walking.tap(ITEM_9, 0, key="0.same")
    taken = walking.tap(ITEM_9, 3, key="0.same")
    assert taken.outcome.to == "safety"
    assert walking.flags() == ["item-9"]
    assert walking.tap(ITEM_9, 3, key="0.same").outcome == taken.outcome
    assert walking.flags() == ["item-9"]


def test_two_tabs_give_one_answer(walking: Walk) -> None:
    walking.tap(ITEM_1, 2, key="0.tab-one")
    outcome = walking.tap(ITEM_1, 3, key="0.tab-two").outcome
    assert (outcome.to, outcome.note) == ("question", "answered-elsewhere")
    assert walking.sitting().answers(0) == {ITEM_1: 2}


def test_two_tabs_that_agree_just_go_on(walking: Walk) -> None:
    walking.tap(ITEM_1, 2, key="0.tab-one")
    outcome = walking.tap(ITEM_1, 2, key="0.tab-two").outcome
    assert (outcome.link_id, outcome.note) == (ITEM_2, "")
    assert Answer.objects.count() == 1


def test_answer_claims_to_be_confirmed_only_if_it_was_proposed(walking: Walk) -> None:
    walking.tap(ITEM_1, 1, words_turn="7a1f1c0e-0000-4000-8000-000000000000")
    assert Answer.objects.get().origin == "TAPPED"


def test_change_of_answer_keeps_both(walking: Walk) -> None:
    walking.tap(ITEM_1, 1)
    walking.tap(ITEM_1, 3)
    assert [a.value for a in Answer.objects.order_by("seq")] == [1, 3]
    assert walking.sitting().answers(0) == {ITEM_1: 3}


def test_answer_and_flag_stand_or_fall_together(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Flag.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError, match="disk"):
        walking.tap(ITEM_9, 1)
    assert not Answer.objects.exists()
    assert not Episode.objects.exists()
    assert not Turn.objects.exists()


@pytest.mark.parametrize("value", [-1, 4, 99])
def test_value_out_of_range_is_refused(walking: Walk, value: int) -> None:
    with pytest.raises(AnswerRefused):
        walking.tap(ITEM_1, value)
    assert not Answer.objects.exists()


def test_item_of_another_instrument_is_refused(walking: Walk) -> None:
    with pytest.raises(AnswerRefused, match="not part of"):
        walking.tap(GAD_1, 1)


@pytest.mark.parametrize("position", [-1, 2, 50])
def test_part_that_does_not_exist_is_refused(walking: Walk, position: int) -> None:
    with pytest.raises(AnswerRefused, match="not part of"):
        walking.say(ITEM_1, position=position, value=1, key="0.x")


def test_difficulty_is_refused_while_nothing_scored(walking: Walk) -> None:
    with pytest.raises(AnswerRefused):
        walking.tap("/69722-7", 1)


def test_answer_after_submit_is_refused(walking: Walk) -> None:
    walking.answer_all(0)
    walking.submit()
    with pytest.raises(engine.Over):
        walking.tap(ITEM_1, 3)
    assert walking.sitting().answers(0)[ITEM_1] == 0


def test_older_session_is_refused(walking: Walk) -> None:
    stale = Claim(walking.screening.id, "an-older-opening")
    with pytest.raises(NoSuchSitting):
        engine.take_turn(
            stale, engine.Said(key="0.a", position=0, link_id=ITEM_1), at=walking.at
        )


def test_submit_scores_both_instruments(walking: Walk) -> None:
    walking.answer_all(1, death_or_self_harm=0)
    assert walking.submit().outcome.to == "done"
    totals = {s.instrument_id: s.total for s in Score.objects.all()}
    assert totals == {"phq-9": 8, "gad-7": 7}


def test_second_submit_changes_nothing(walking: Walk) -> None:
    walking.answer_all(1)
    walking.submit()
    assert walking.submit().outcome.to == "done"
    assert Score.objects.count() == 2


def test_submit_with_an_open_item_leads_back_to_it(walking: Walk) -> None:
    walking.tap(ITEM_1, 1)
    outcome = walking.submit().outcome
    assert (outcome.to, outcome.link_id) == ("question", ITEM_2)
    assert not Score.objects.exists()


def test_declined_item_gives_no_total(walking: Walk) -> None:
    walking.say(ITEM_1, declined=True)
    walking.answer_all(1)
    walking.submit()
    score = Score.objects.get(instrument_id="phq-9")
    assert (score.total, score.complete) == (None, False)


def test_audit_chain_of_a_screening_verifies(walking: Walk) -> None:
    walking.answer_all(1)
    walking.submit()
    assert audit.verify(f"screening:{walking.screening.id}") == []


class _Counter:
    """Counts statements other than those that begin or end a transaction."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)


def _queries(walking: Walk, link_id: str, value: int) -> int:
    key, counter = walking.key(0, link_id), _Counter()
    with connection.execute_wrapper(counter):
        walking.tap(link_id, value, key=key)
    return counter.count


def test_tapped_answer_takes_six_queries(walking: Walk) -> None:
    walking.tap(ITEM_1, 0)
    assert _queries(walking, ITEM_2, 1) == 6


def test_flagged_answer_takes_at_most_twelve_queries(walking: Walk) -> None:
    walking.tap(ITEM_1, 0)
    assert _queries(walking, ITEM_9, 1) <= 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("link_id", "value"), [(ITEM_2, 1), (ITEM_9, 2)])
def test_tapped_answer_takes_one_commit(
    walking: Walk, link_id: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = walking.key(0, link_id)
    commit = Mock(wraps=getattr(connection, "_commit"))  # noqa: B009 - unpublished
    monkeypatch.setattr(connection, "_commit", commit)
    walking.tap(link_id, value, key=key)
    assert commit.call_count == 1


def test_page_is_read_in_two_queries(walking: Walk, django_assert_num_queries) -> None:
    walking.tap(ITEM_1, 0)
    with django_assert_num_queries(2):
        load(walking.screening.id)
