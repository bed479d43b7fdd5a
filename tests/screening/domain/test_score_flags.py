"""Flags of finished scores: thresholds, short forms, worsening."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain.flags import PastScore, Tier, on_score
from screening.domain.scoring import score
from tests.screening.domain.conftest import shipped


def raised(found):
    return [flag.rule for flag in found]


def past(total, day, instrument="phq-9", *, complete=True):
    at = datetime(2026, 1, day, tzinfo=UTC)
    return PastScore(instrument=instrument, total=total, complete=complete, at=at)


def scored(instrument, total, **changes):
    base = score(instrument, {})
    whole = {"total": total, "complete": True, "missing": ()}
    return replace(base, **(whole | changes))


def flags_of(
    rules, instrument, total, history=(), *, longer_form_done=False, **changes
):
    result = scored(instrument, total, **changes)
    done = {"longer_form_done": longer_form_done}
    return on_score(rules, instrument, result, history, **done)


@pytest.mark.parametrize(
    ("instrument_id", "total", "expected"),
    [
        ("phq-9", 9, []),
        ("phq-9", 10, ["phq-9-cut"]),
        ("phq-9", 14, ["phq-9-cut"]),
        ("phq-9", 15, ["phq-9-cut", "phq-9-moderately-severe"]),
        ("phq-9", 19, ["phq-9-cut", "phq-9-moderately-severe"]),
        ("phq-9", 20, ["phq-9-cut", "phq-9-moderately-severe", "phq-9-severe"]),
        ("phq-8", 10, ["phq-8-cut"]),
        ("phq-8", 24, ["phq-8-cut", "phq-8-moderately-severe", "phq-8-severe"]),
        ("gad-7", 9, []),
        ("gad-7", 10, ["gad-7-cut"]),
        ("gad-7", 15, ["gad-7-cut", "gad-7-severe"]),
        ("phq-2", 2, []),
        ("phq-2", 3, ["phq-2-positive"]),
        ("gad-2", 2, []),
        ("gad-2", 6, ["gad-2-positive"]),
        ("phq-9", None, []),
    ],
)
def test_score_flags_by_threshold(rules, instrument_id, total, expected):
    assert raised(flags_of(rules, shipped(instrument_id), total)) == expected


def test_score_flag_names_total_band_and_source(rules, phq9):
    cut, *_, severe = flags_of(rules, phq9, 21, band="Severe")
    assert cut.key == "phq-9-cut:phq-9"
    assert cut.tier == Tier.ROUTINE
    assert cut.evidence.detail == "PHQ-9 total 21, Severe; from 10 on (Kroenke 2001)"
    assert severe.tier == Tier.HIGH
    assert severe.evidence.detail.startswith(
        'PHQ-9 total 21, Severe; from 20 on (the band "Severe", Kroenke 2001'
    )


def test_score_flag_says_prorated(rules, phq9):
    changes = {"band": "Moderate", "prorated": True, "complete": False}
    (flag,) = flags_of(rules, phq9, Decimal("10.29"), **changes)
    assert flag.evidence.detail.startswith("PHQ-9 total 10.29, Moderate, prorated; ")
    assert flags_of(rules, phq9, Decimal("9.98"), **changes) == ()


def test_score_flag_without_bands_names_the_total_only(rules, phq2):
    (flag,) = flags_of(rules, phq2, 4)
    assert flag.evidence.detail == "PHQ-2 total 4; from 3 on (Kroenke 2003)"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 1, 1, 1), []),
        ((2, 1, 0, 0), ["phq-4-anxiety"]),
        ((0, 0, 0, 3), ["phq-4-depression"]),
        ((3, 3, 3, 3), ["phq-4-anxiety", "phq-4-depression"]),
        ((3, 3, None, 3), ["phq-4-anxiety"]),
    ],
)
def test_phq4_flags_by_subscale(rules, phq4, answered, values, expected):
    result = score(phq4, answered(phq4, *values))
    found = on_score(rules, phq4, result, [], longer_form_done=False)
    assert raised(found) == expected
    for flag in found:
        name = flag.rule.removeprefix("phq-4-")
        assert flag.evidence.detail.startswith(f"PHQ-4 {name} subscale ")


@pytest.mark.parametrize("instrument_id", ["phq-2", "gad-2"])
def test_short_form_is_silent_if_the_longer_one_was_done(rules, instrument_id):
    instrument = shipped(instrument_id)
    assert flags_of(rules, instrument, 6, longer_form_done=True) == ()


def test_longer_form_silences_only_its_own_rule(rules, phq4, answered):
    result = score(phq4, answered(phq4, 3, 3, 3, 3))

    def flags(*done: str) -> list[str]:
        found = on_score(rules, phq4, result, [], longer_form_done=False, done=done)
        return list(raised(found))

    assert flags("phq-9", "phq-4") == ["phq-4-anxiety"]
    assert flags("gad-7") == ["phq-4-depression"]


def test_full_form_is_never_silenced(rules, phq9):
    found = flags_of(rules, phq9, 12, longer_form_done=True)
    assert raised(found) == ["phq-9-cut"]


@pytest.mark.parametrize(
    ("totals", "now", "expected"),
    [
        ([], 9, []),
        ([4], 9, []),
        ([3], 9, ["worsening-last"]),
        ([1, 4], 9, ["worsening-baseline"]),
        ([1, 3], 9, ["worsening-last", "worsening-baseline"]),
        ([8, 3], 9, ["worsening-last"]),
        ([0, 9, 8], 9, ["worsening-baseline"]),
        ([9, 0, 8], 9, []),
    ],
)
def test_worsening_against_last_and_baseline(rules, phq9, totals, now, expected):
    history = [past(total, day) for day, total in enumerate(totals, 1)]
    assert raised(flags_of(rules, phq9, now, history)) == expected
    assert raised(flags_of(rules, phq9, now, history[::-1])) == expected


def test_worsening_names_both_totals(rules, phq9):
    (flag,) = flags_of(rules, phq9, 9, [past(3, 5)])
    assert flag.key == "worsening-last:phq-9"
    assert flag.evidence.detail == (
        "PHQ-9 3 on 2026-01-05, now 9; 6 or more "
        "(NHS Talking Therapies (IAPT manual; NCT05134103))"
    )


@pytest.mark.parametrize(
    "history",
    [
        [past(0, 1, "gad-7")],
        [past(0, 1, complete=False)],
        [past(None, 1)],
    ],
    ids=["other instrument", "incomplete", "no total"],
)
def test_worsening_compares_only_whole_scores_of_the_same(rules, phq9, history):
    assert flags_of(rules, phq9, 9, history) == ()


def test_worsening_passes_over_what_is_not_whole(rules, phq9):
    history = [past(0, 1), past(8, 2), past(0, 3, "gad-7"), past(None, 4)]
    assert raised(flags_of(rules, phq9, 9, history)) == ["worsening-baseline"]


def test_worsening_needs_a_whole_score_now(rules, phq9):
    history = [past(0, 1)]
    prorated = {"prorated": True, "complete": False}
    assert flags_of(rules, phq9, Decimal("9.00"), history, **prorated) == ()
    assert flags_of(rules, phq9, None, history) == ()


def test_worsening_needs_a_published_number(rules, phq2):
    assert flags_of(rules, phq2, 2, [past(0, 1, "phq-2")]) == ()


def test_a_rule_without_its_number_fails_loudly(rules, phq4, phq9):
    astray = [replace(rule, params={"instrument": "phq-4"}) for rule in rules]
    cut = [rule for rule in astray if rule.kind == "at_cut"][:1]
    with pytest.raises(LookupError, match="^phq-4 has no cut point for phq-9-cut.$"):
        flags_of(cut, phq4, 12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.integers(0, 27), high=st.integers(0, 27))
def test_no_flag_is_lowered_by_a_higher_total(rules, phq9, low, high):
    low, high = sorted((low, high))
    history = [past(3, 1), past(5, 2)]
    fewer = set(raised(flags_of(rules, phq9, low, history)))
    assert fewer <= set(raised(flags_of(rules, phq9, high, history)))
