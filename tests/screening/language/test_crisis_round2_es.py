"""Spanish texts written before the rules of 2026.4 and used to mend them: floors."""

import pytest

from screening.language import safety
from tests.screening.language.cast import cases

pytestmark = pytest.mark.thorough


def _levels(level):
    rows = [row for row in cases("crisis_round2.es") if row["level"] == level]
    return [safety.watch(row["text"], "es").level for row in rows]


def test_explicit_first_person_texts_are_urgent():
    levels = _levels("urgent")
    assert len(levels) > 350
    assert levels.count("urgent") >= 0.98 * len(levels)
    assert "none" not in levels


def test_harmless_texts_are_rarely_urgent():
    levels = _levels("none")
    assert len(levels) > 250
    assert levels.count("urgent") <= 0.02 * len(levels)


def test_passive_past_denied_and_others_texts_mostly_stay_concern():
    levels = _levels("concern")
    assert len(levels) > 120
    assert levels.count("concern") >= 0.9 * len(levels)
