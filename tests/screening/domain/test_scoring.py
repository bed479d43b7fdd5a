"""Answers to scores, by table."""

from decimal import Decimal

import pytest

from screening.domain.scoring import AnswerRefused, check_value, score
from tests.screening.domain.conftest import shipped

ITEM_9 = "/44260-8"
DIFFICULTY = "/69722-7"
MAJOR = "Meets the PHQ-9 algorithm's criteria for major depressive syndrome"
OTHER = "Meets the PHQ-9 algorithm's criteria for other depressive syndrome"
NEITHER = "Does not meet the PHQ-9 algorithm's criteria"
SCREEN = " (screening result, for a clinician to judge)"


@pytest.mark.parametrize(
    ("instrument_id", "total", "band", "at_cut"),
    [
        ("phq-9", 0, "None-minimal", False),
        ("phq-9", 4, "None-minimal", False),
        ("phq-9", 5, "Mild", False),
        ("phq-9", 9, "Mild", False),
        ("phq-9", 10, "Moderate", True),
        ("phq-9", 14, "Moderate", True),
        ("phq-9", 15, "Moderately severe", True),
        ("phq-9", 19, "Moderately severe", True),
        ("phq-9", 20, "Severe", True),
        ("phq-9", 27, "Severe", True),
        ("gad-7", 4, "Minimal", False),
        ("gad-7", 9, "Mild", False),
        ("gad-7", 10, "Moderate", True),
        ("gad-7", 14, "Moderate", True),
        ("gad-7", 15, "Severe", True),
        ("gad-7", 21, "Severe", True),
        ("phq-8", 19, "Moderately severe", True),
        ("phq-8", 24, "Severe", True),
        ("phq-4", 2, "Normal", None),
        ("phq-4", 5, "Mild", None),
        ("phq-4", 8, "Moderate", None),
        ("phq-4", 9, "Severe", None),
        ("phq-2", 2, None, False),
        ("phq-2", 3, None, True),
        ("gad-2", 3, None, True),
    ],
)
def test_score_bands_and_cut(answered, instrument_id, total, band, at_cut):
    instrument = shipped(instrument_id)
    values, left = [], total
    for _ in instrument.scored_items:
        values.append(min(3, left))
        left -= values[-1]
    found = score(instrument, answered(instrument, *values))
    assert (found.total, found.band, found.at_cut) == (total, band, at_cut)
    assert found.complete
    assert not found.prorated
    assert (found.instrument, found.version) == (instrument_id, "2026.1")


def test_score_gives_no_total_unless_complete(phq9, answered):
    found = score(phq9, answered(phq9, 3, "", 1, 2, None, 0, 1, 0, 3))
    assert found.total is None
    assert found.band is None
    assert found.at_cut is None
    assert found.algorithm is None
    assert not found.complete
    assert found.missing == ("/44255-8", "/44251-7")
    assert found.declined == ("/44251-7",)


def test_score_of_nothing(phq9):
    found = score(phq9, {}, prorate=True)
    assert found.total is None
    assert len(found.missing) == 9


def test_score_does_not_need_the_difficulty_item(phq9, answered):
    answers = answered(phq9, *[1] * 9)
    assert score(phq9, answers).total == 9
    assert score(phq9, answers | {DIFFICULTY: 3}).total == 9
    declined = score(phq9, answers | {DIFFICULTY: None})
    assert declined.complete
    assert declined.declined == (DIFFICULTY,)


@pytest.mark.parametrize(
    ("values", "total", "band"),
    [
        (("", 1, 1, 1, 1, 1, 1, 1, 1), "9.00", "Mild"),
        (("", None, 1, 1, 1, 1, 1, 1, 3), "11.57", "Moderate"),
        (("", 1, 1, 1, 1, 1, 1, 1, 0), "7.88", "Mild"),
        (("", 1, 0, 0, 0, 0, 0, 0, 0), "1.13", "None-minimal"),
        (("", "", 3, 3, 3, 3, 3, 3, 3), "27.00", "Severe"),
        (("", 3, 3, 1, 1, 0, 0, 0, 0), "9.00", "Mild"),
        (("", "", 3, 3, 1, 0, 0, 0, 0), "9.00", "Mild"),
        (("", 2, 1, 1, 1, 1, 1, 1, 0), "9.00", "Mild"),
        (("", "", 3, 1, 1, 1, 1, 1, 0), "10.29", "Moderate"),
        (("", 3, 3, 2, 3, 0, 0, 0, 0), "12.38", "Moderate"),
        (("", 3, 3, 2, 0, 0, 0, 0, 0), "9.00", "Mild"),
        (("", "", 3, 3, 3, 2, 0, 0, 0), "14.14", "Moderate"),
    ],
)
def test_score_prorates_when_told_to(phq9, answered, values, total, band):
    found = score(phq9, answered(phq9, *values), prorate=True)
    assert str(found.total) == total
    assert found.band == band
    assert found.prorated
    assert not found.complete
    assert found.algorithm is None
    assert found.to_dict()["total"] == float(total)
    assert score(phq9, answered(phq9, *values)).total is None


def test_score_never_rounds_into_the_next_band(phq9, answered):
    found = score(phq9, answered(phq9, "", 2, 2, 2, 1, 1, 1, 1, 2), prorate=True)
    assert found.total == Decimal("13.5")
    assert found.band == "Moderate"
    below = score(phq9, answered(phq9, "", "", 2, 2, 1, 1, 1, 0, 1), prorate=True)
    assert below.total == Decimal("10.29")
    under_ten = score(phq9, answered(phq9, "", 3, 1, 1, 1, 1, 1, 0, 0), prorate=True)
    assert under_ten.total == 9
    assert under_ten.at_cut is False


@pytest.mark.parametrize(
    "values",
    [
        (1, 1, 1, 1, 1, 1, 1, 1, ""),
        (1, 1, 1, 1, 1, 1, 1, 1, None),
        ("", 1, 1, 1, 1, 1, 1, 1, ""),
        ("", "", "", 1, 1, 1, 1, 1, 1),
    ],
)
def test_score_never_imputes_item_9_nor_three_items(phq9, answered, values):
    found = score(phq9, answered(phq9, *values), prorate=True)
    assert found.total is None
    assert not found.prorated


def test_score_does_not_prorate_without_a_published_rule(gad7, answered):
    found = score(gad7, answered(gad7, "", 3, 3, 3, 3, 3, 3), prorate=True)
    assert found.total is None


def test_score_of_complete_answers_is_not_prorated(phq9, answered):
    found = score(phq9, answered(phq9, *[1] * 9), prorate=True)
    assert (found.total, found.prorated) == (9, False)
    assert type(found.total) is int


def test_score_rounds_by_the_definition(tiny, answered):
    found = score(tiny, answered(tiny, 1, "", 2), prorate=True)
    assert str(found.total) == "4.50"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((2, 2, 2, 2, 2, 0, 0, 0, 0), MAJOR),
        ((2, 0, 2, 2, 2, 0, 0, 0, 1), MAJOR),
        ((0, 2, 2, 2, 2, 0, 0, 0, 1), MAJOR),
        ((2, 0, 2, 2, 2, 0, 0, 0, 0), OTHER),
        ((0, 2, 0, 0, 0, 0, 0, 0, 1), OTHER),
        ((2, 2, 0, 0, 0, 0, 0, 0, 0), OTHER),
        ((2, 0, 0, 0, 0, 0, 0, 0, 0), NEITHER),
        ((1, 1, 3, 3, 3, 3, 3, 3, 3), NEITHER),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0), NEITHER),
        ((2, 0, 1, 1, 1, 1, 1, 1, 0), NEITHER),
    ],
)
def test_score_algorithm_is_a_screening_result(phq9, answered, values, expected):
    assert score(phq9, answered(phq9, *values)).algorithm == expected + SCREEN


def test_score_has_no_algorithm_where_none_is_published(gad7, answered):
    assert score(gad7, answered(gad7, *[3] * 7)).algorithm is None


def test_score_subscales(phq4, answered):
    anxiety, depression = score(phq4, answered(phq4, 1, 2, 1, 1)).subscales
    assert (anxiety.id, anxiety.total, anxiety.at_cut) == ("anxiety", 3, True)
    assert (depression.label, depression.total) == ("depression", 2)
    assert depression.at_cut is False


def test_score_subscale_needs_all_its_items(phq4, answered):
    anxiety, depression = score(phq4, answered(phq4, 1, None, 3, 3)).subscales
    assert (anxiety.total, anxiety.at_cut) == (None, None)
    assert (depression.total, depression.at_cut) == (6, True)


def test_score_ignores_answers_to_items_no_longer_asked(phq9, answered):
    found = score(phq9, answered(phq9, *[0] * 9, 3))
    assert (found.total, found.complete) == (0, True)


def test_score_refuses_what_does_not_fit(phq9):
    with pytest.raises(AnswerRefused, match="no item 'asq-1'"):
        score(phq9, {"asq-1": 1})
    with pytest.raises(AnswerRefused, match="no item 'asq-1'"):
        score(phq9, {"asq-1": None})
    with pytest.raises(AnswerRefused, match="Item 9 takes one of 0, 1, 2, 3, not 7"):
        score(phq9, {ITEM_9: 7})


def test_check_value_gives_the_option(phq9):
    assert check_value(phq9, ITEM_9, 0).text == "Not at all"
    with pytest.raises(AnswerRefused):
        check_value(phq9, ITEM_9, 4)


def test_score_to_dict_is_plain(phq4, answered):
    found = score(phq4, answered(phq4, 1, 2, 1, None)).to_dict()
    assert found["missing"] == found["declined"] == ["/44255-8"]
    assert found["total"] is None
    assert found["subscales"][0] == {
        "id": "anxiety",
        "label": "anxiety",
        "total": 3,
        "at_cut": True,
    }


def test_score_to_dict_keeps_whole_totals_whole(phq9, answered):
    total = score(phq9, answered(phq9, *[1] * 9)).to_dict()["total"]
    assert total == 9
    assert type(total) is int
