"""English crisis language said in plain everyday words: what was measured must stay."""

import pytest

from screening.language import safety
from tests.screening.language.cast import cases


def levels(level: str) -> list[str]:
    """The level found for each text of the set that was labelled with this one."""
    rows = [row for row in cases("crisis_round2.en") if row["level"] == level]
    return [safety.find(row["text"], row["lang"]).level for row in rows]


def test_find_marks_plain_first_person_danger_as_urgent():
    """Kept as a regression: the rules of 2026.4 were made with it in sight."""
    found = levels("urgent")
    assert len(found) > 500
    assert found.count("urgent") >= 0.98 * len(found)


def test_find_leaves_harmless_texts_out_of_urgent():
    found = levels("none")
    assert len(found) > 300
    assert found.count("urgent") <= 0.01 * len(found)


def test_find_keeps_denied_past_and_third_person_texts_at_concern():
    found = levels("concern")
    assert len(found) > 60
    assert found.count("urgent") <= 0.05 * len(found)


@pytest.mark.parametrize(
    "text",
    [
        "It's taking everything I have not to kill myself",
        "not a day goes by that I don't think about killing myself",
        "I don't see any reason not to kill myself",
        "I haven't stopped thinking about killing myself",
    ],
)
def test_find_a_denial_that_denies_nothing_stays_urgent(text):
    assert safety.find(text, "en").level == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "No suicidal thoughts",
        "no thoughts of suicide",
        "I have never self harmed",
        "I don't want to kill myself but I'm so tired of life",
        "I had suicidal thoughts last year but not now",
        "my daughter overdosed last month",
    ],
)
def test_find_denied_past_or_anothers_is_no_more_than_concern(text):
    assert safety.find(text, "en").level == "concern"
