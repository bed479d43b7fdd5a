"""What a submit raises: thresholds, worsening, and no duplicate of a longer form."""

from collections.abc import Callable
from datetime import timedelta

from screening.models import Score
from tests.screening.conftest import Walk


def finished(walking: Walk, value: int, **special: int) -> Walk:
    walking.answer_all(value, **special)
    walking.submit()
    return walking


def test_thresholds_each_raise_their_own_flag(walking: Walk) -> None:
    finished(walking, 2, death_or_self_harm=0)
    assert {"phq-9-cut", "phq-9-moderately-severe", "gad-7-cut"} <= set(walking.flags())
    assert "phq-9-severe" not in walking.flags()


def test_total_below_the_cut_raises_nothing(walking: Walk) -> None:
    assert finished(walking, 1, death_or_self_harm=0).flags() == []


def test_worsening_against_the_last_score_is_flagged(walk: Callable[..., Walk]) -> None:
    finished(walk(), 0)
    later = walk()
    later.at += timedelta(days=14)
    finished(later, 1, death_or_self_harm=0)
    assert "worsening-last" in later.flags()
    assert Score.objects.count() == 4


def test_longer_form_silences_only_what_it_covers(walk: Callable[..., Walk]) -> None:
    alone = finished(walk(battery=["phq-4"]), 2)
    assert {"phq-4-anxiety", "phq-4-depression"} <= set(alone.flags())
    beside = finished(walk(battery=["phq-4", "phq-9"]), 2, death_or_self_harm=0)
    assert "phq-4-anxiety" in beside.flags()
    assert "phq-4-depression" not in beside.flags()


def test_incomplete_administration_raises_no_score_flag(walking: Walk) -> None:
    walking.say("/44250-9", declined=True)
    finished(walking, 3, death_or_self_harm=0)
    assert not [rule for rule in walking.flags() if rule.startswith("phq-9-")]


def test_prorated_score_says_so(walk: Callable[..., Walk]) -> None:
    walking = walk()
    clinic = walking.screening.clinic
    clinic.prorate = True
    clinic.save()
    walking.say("/44250-9", declined=True)
    finished(walking, 1, death_or_self_harm=0)
    score = Score.objects.get(instrument_id="phq-9")
    assert (score.complete, score.prorated) == (False, True)
    assert score.total is not None
