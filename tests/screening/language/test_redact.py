"""What leaves the house names nobody, and an answer stays an answer."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from screening.language import redact
from tests.screening.language.cast import cases

ANSWERS = [
    "several days",
    "10 out of 14 days",
    "3-4 days a week",
    "1/2 of the time",
    "I'm tired on Mondays in March",
    "más de la mitad de los días",
    "Does it count if I had COVID?",
    "about 2 or 3 nights, 50%",
    "Nearly every day. Not at all before.",
    "me siento mal 2 veces por semana",
]
UNITS = ["days", "nights", "times", "out of 14", "/14", "días", "noches", "de 14"]
LONG = ["1 ", "a1", "calle ", "one ", "A", "1-", "my name is ", "x@", "dob ", "(1"]


@pytest.mark.parametrize("case", cases("redact_forms"), ids=lambda case: case["text"])
def test_redact_takes_out_what_identifies_and_nothing_else(case):
    found = redact.redacted(case["text"])
    assert not [secret for secret in case["gone"] if secret in found.text]
    assert not [words for words in case["kept"] if words not in found.text]
    assert bool(found.removed) == bool(case["gone"])


@pytest.mark.parametrize("text", ANSWERS)
def test_redact_leaves_answers_alone(text):
    assert redact.redact(text) == text


@given(st.integers(0, 14), st.integers(0, 14), st.sampled_from(UNITS), st.booleans())
def test_redact_leaves_every_count_alone(low, high, unit, ranged):
    count = f"{low}-{high}" if ranged else str(low)
    for text in (f"{count} {unit}", f"it was {count} {unit}", f"fueron {count} {unit}"):
        assert redact.redact(text) == text


@given(st.integers(2000, 9999), st.sampled_from("- ./"), st.integers(100, 999))
def test_redact_takes_out_a_telephone_number_however_it_is_parted(last, mark, area):
    number = f"{area}{mark}555{mark}{last}"
    assert str(last) not in redact.redact(f"call me at {number} any day")


@given(st.integers(1, 28), st.integers(1, 12), st.integers(1930, 2008))
def test_redact_takes_out_a_date_of_birth_in_any_figures(day, month, year):
    for text in (
        f"{month:02}/{day:02}/{year}",
        f"{day}-{month}-{year}",
        f"{year}-{month:02}-{day:02}",
        f"born {day}.{month}.{year}",
        f"DOB {month:02} {day:02} {year}",
    ):
        assert str(year) not in redact.redact(text), text


def test_redacted_says_what_kinds_it_took():
    found = redact.redacted("my name is Ann Lee, mail ann@x.org")
    assert set(found.removed) == {"name", "email"}


def test_redact_takes_only_the_part_that_identifies():
    assert redact.redact("my name is Ann, 3 days") == "my name is [name], 3 days"


@pytest.mark.parametrize("part", LONG)
def test_redact_is_quick_whatever_the_text(part):
    began = time.process_time()
    redact.redact(part * (2_000 // len(part)))
    assert time.process_time() - began < 5


@example("\tAbc")  # nothing but a space of another kind before a capital
@example("\u2028Abc")
@given(st.text(max_size=500))
def test_redact_never_fails(text):
    redact.redact(text)
