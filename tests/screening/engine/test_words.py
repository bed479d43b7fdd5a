"""Free words: kept first, searched for danger, proposed, never counted unasked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from screening import engine
from screening.engine import turn as turn_module
from screening.engine.sweep import GRACE
from screening.language import clarify, safety
from screening.models import Answer, Flag, ModelCall, Turn
from tests.screening.conftest import ITEM_9, Walk

ITEM_1 = "/44250-9"
ITEM_3 = "/44259-0"
REAL = clarify.clarify


def test_words_become_a_proposal_not_an_answer(walking: Walk) -> None:
    outcome = walking.say(ITEM_3, words="about 3 days").outcome
    assert (outcome.to, outcome.values) == ("confirm", (1,))
    assert not Answer.objects.exists()


def test_confirmed_words_count_and_say_where_from(walking: Walk) -> None:
    proposed = walking.say(ITEM_3, words="nearly every day").outcome
    walking.tap(ITEM_3, proposed.values[0], words_turn=proposed.turn)
    row = Answer.objects.get()
    assert (row.value, row.origin) == (3, "CONFIRMED")
    assert row.shown["words_turn"] == proposed.turn
    assert Turn.objects.get(id=proposed.turn).words == "nearly every day"


def test_patient_may_choose_another_option_than_proposed(walking: Walk) -> None:
    proposed = walking.say(ITEM_3, words="nearly every day").outcome
    walking.tap(ITEM_3, 1, words_turn=proposed.turn)
    assert walking.sitting().answers(0) == {ITEM_3: 1}


def test_ambiguous_words_are_asked_about(walking: Walk) -> None:
    outcome = walking.say(ITEM_3, words="7 days").outcome
    assert outcome.to == "again"
    assert not Answer.objects.exists()


def test_refusal_in_words_is_proposed_as_declining(walking: Walk) -> None:
    outcome = walking.say(ITEM_3, words="I'd rather not say").outcome
    assert (outcome.to, outcome.values, outcome.note) == ("confirm", (), "declined")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "I want to kill myself"), ("es-US", "me quiero matar")],
)
def test_crisis_words_show_help_flag_and_propose_nothing(
    walk: Callable[..., Walk], language: str, words: str
) -> None:
    walking = walk(language=language)
    outcome = walking.say(ITEM_1, words=words).outcome
    assert outcome.to == "safety"
    assert walking.flags() == ["crisis-words-urgent"]
    assert walking.episode().tier == "URGENT"
    assert not Answer.objects.exists()
    assert Flag.objects.get().evidence_dict["words"]


def test_option_tapped_beside_crisis_words_counts_as_tapped(walking: Walk) -> None:
    outcome = walking.tap(ITEM_1, 3, words="I want to end my life").outcome
    assert outcome.to == "safety"
    assert walking.sitting().answers(0) == {ITEM_1: 3}


def test_mapped_answer_never_lowers_what_words_raised(walking: Walk) -> None:
    walking.say(ITEM_1, words="not at all, I just want to die")
    walking.tap(ITEM_9, 0)
    assert walking.flags() == ["crisis-words-urgent"]
    assert walking.episode().tier == "URGENT"


def test_each_turn_of_crisis_words_is_flagged(walking: Walk) -> None:
    walking.say(ITEM_1, words="I want to kill myself")
    walking.say(ITEM_1, words="I want to kill myself")
    assert walking.flags() == ["crisis-words-urgent"] * 2


def test_replayed_words_are_kept_and_flagged_once(walking: Walk) -> None:
    first = walking.say(ITEM_1, words="I want to kill myself", key="0.k").outcome
    again = walking.say(ITEM_1, words="I want to kill myself", key="0.k").outcome
    assert first == again
    assert Turn.objects.count() == 1
    assert Flag.objects.count() == 1


def test_same_key_with_other_words_is_no_replay(walking: Walk) -> None:
    walking.say(ITEM_1, words="hmm", key="0.k")
    outcome = walking.say(ITEM_1, words="I want to kill myself", key="0.k").outcome
    assert outcome.to == "safety"
    assert Turn.objects.count() == 2
    assert walking.flags() == ["crisis-words-urgent"]


def test_crisis_words_to_an_item_not_asked_are_heard(walking: Walk) -> None:
    outcome = walking.say("/69722-7", words="I want to kill myself", key="0.k").outcome
    assert outcome.to == "safety"
    assert walking.flags() == ["crisis-words-urgent"]


def test_words_that_worry_us_propose_no_option(walking: Walk) -> None:
    words = "nearly every day, everyone would be better off without me"
    outcome = walking.say(ITEM_3, words=words).outcome
    assert outcome.to in ("again", "safety")
    assert outcome.values == ()
    assert walking.flags()[0].startswith("crisis-words")


def test_words_that_worry_us_go_to_no_model(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def explain(*args: Any, leave: clarify.Leave) -> clarify.Clarified:
        asked.append(leave.model)
        return REAL(*args)

    monkeypatch.setattr(clarify, "clarify", explain)
    monkeypatch.setattr("screening.engine.calling.may_ask_model", lambda *a: True)
    words = "Does it count if I feel like I am a burden to everyone?"
    outcome = walking.say(ITEM_3, words=words).outcome
    assert walking.flags() == ["crisis-words-concern"]
    assert asked == [False]
    assert outcome.concern


def test_crisis_words_after_submit_are_still_heard(walking: Walk) -> None:
    walking.answer_all(0)
    walking.submit()
    outcome = walking.say(ITEM_1, words="I am going to kill myself tonight").outcome
    assert outcome.to == "safety"
    assert "crisis-words-urgent" in walking.flags()


def test_other_words_after_submit_are_no_answer(walking: Walk) -> None:
    walking.answer_all(0)
    walking.submit()
    with pytest.raises(engine.Over):
        walking.say(ITEM_1, words="nearly every day")


def test_question_is_explained_without_a_model(walking: Walk) -> None:
    outcome = walking.say(ITEM_3, words="What does this mean?").outcome
    assert (outcome.to, outcome.note) == ("clarified", "reviewed")
    assert not ModelCall.objects.exists()
    assert not Answer.objects.exists()


def test_words_survive_a_failure_to_understand_them(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr("screening.language.safety.find", fail)
    with pytest.raises(RuntimeError):
        walking.say(ITEM_1, words="I want to kill myself", key="0.k")
    assert Turn.objects.get().words == "I want to kill myself"
    monkeypatch.undo()
    assert engine.sweep_unheard(at=walking.at + GRACE) == 1
    assert walking.flags() == ["crisis-words-urgent"]


def test_retry_after_a_failure_goes_on_where_it_stopped(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_module, "understand", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        walking.say(ITEM_3, words="about 3 days", key="0.k")
    monkeypatch.undo()
    assert walking.say(ITEM_3, words="about 3 days", key="0.k").outcome.to == "confirm"
    assert Turn.objects.count() == 1


def test_words_that_cannot_be_read_hold_up_no_others(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.language.safety.find", lambda *a: 1 / 0)
    for key in ("0.a", "0.b"):
        with pytest.raises(ZeroDivisionError):
            walking.say(ITEM_1, words="I want to kill myself", key=key)
    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE screening_turn SET words = 'gone.bm9uY2U.Y3Q' WHERE key = '0.a'"
        )
    assert engine.sweep_unheard(at=walking.at + GRACE) == 2
    assert walking.flags() == ["crisis-words-urgent"]
    assert engine.sweep_unheard(at=walking.at + GRACE) == 0


def test_words_that_cannot_be_searched_hold_up_no_others(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = safety.watch
    monkeypatch.setattr("screening.language.safety.watch", lambda *a: 1 / 0)
    for key, words in (("0.a", "odd"), ("0.b", "I want to kill myself")):
        with pytest.raises(ZeroDivisionError):
            walking.say(ITEM_1, words=words, key=key)

    def fails(text: str, language: str) -> safety.Finding:
        if text == "odd":
            raise RuntimeError(text)
        return real(text, language)

    monkeypatch.setattr("screening.language.safety.watch", fails)
    assert engine.sweep_unheard(at=walking.at + GRACE) == 1
    assert walking.flags() == ["crisis-words-urgent"]
    monkeypatch.undo()
    assert engine.sweep_unheard(at=walking.at + GRACE) == 1


def test_sweep_leaves_fresh_and_finished_turns_alone(walking: Walk) -> None:
    walking.say(ITEM_3, words="about 3 days")
    assert engine.sweep_unheard(at=walking.at + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    "words",
    ["😢" * 50, "‮‭نعم كل يوم", "<script>alert(1)</script>", "x" * 5000, "​"],
)
def test_odd_words_are_kept_as_written(walking: Walk, words: str) -> None:
    outcome = walking.say(ITEM_3, words=words).outcome
    assert outcome.to in ("again", "confirm", "clarified")
    assert Turn.objects.get().words == words


def test_no_transaction_is_open_while_a_question_is_explained(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth: list[int] = []

    def explain(*args: Any, **kwargs: Any) -> clarify.Clarified:
        depth.append(len(connection.savepoint_ids))
        return REAL(*args, **kwargs)

    monkeypatch.setattr(clarify, "clarify", explain)
    before = len(connection.savepoint_ids)
    walking.say(ITEM_3, words="What does this mean?")
    assert depth == [before]
