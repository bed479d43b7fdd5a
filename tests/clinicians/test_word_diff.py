"""Two texts beside each other: every word is somewhere, marked if only one has it."""

from hypothesis import given
from hypothesis import strategies as st

from clinicians.presenters.word_diff import Run, compare

words = st.lists(
    st.sampled_from(["how", "often", "did", "you", "feel", "tired", "or", "not", ","])
)


def test_common_words_are_plain_and_others_are_marked():
    official, other = compare(
        "Feeling tired or having little energy", "You felt tired, or had little energy"
    )
    assert official == [
        Run("Feeling", both=False),
        Run("tired or", both=True),
        Run("having", both=False),
        Run("little energy", both=True),
    ]
    assert [run.text for run in other if not run.both] == ["You felt", "had"]


@given(words, words)
def test_no_word_is_lost_and_common_runs_are_equal(one, other):
    left, right = compare(" ".join(one), " ".join(other))
    assert " ".join(run.text for run in left) == " ".join(one)
    assert " ".join(run.text for run in right) == " ".join(other)
    assert [r.text for r in left if r.both] == [r.text for r in right if r.both]


@given(words)
def test_a_text_differs_in_nothing_from_itself(one):
    assert all(run.both for run in compare(" ".join(one), " ".join(one))[0])
