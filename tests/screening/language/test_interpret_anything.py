"""Whatever words of the tables stand together, a reply is read, never an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.language import interpret, phrasebook
from tests.screening.language.cast import item_of

pytestmark = pytest.mark.thorough

MEANINGS = (
    interpret.Proposed,
    interpret.AskBack,
    interpret.Declined,
    interpret.Unclear,
)
JOINED = [", ", ". ", " ", " y ", " and ", " - ", "? "]


@pytest.mark.parametrize("language", ["en", "es-US"])
@settings(max_examples=400)
@given(data=st.data())
def test_any_words_of_the_tables_are_read(language, data):
    item, instrument = item_of("sleep", language)
    table = phrasebook.vocabulary(language[:2]).table
    known = sorted({*table["vocabulary"], *table["numbers"], *table["good_words"]})
    more = ["la segunda", "the second", "14", "3", "1.5", "7", "no", "not", "la", "of"]
    one = st.sampled_from(known) | st.sampled_from(more)
    parts = data.draw(st.lists(st.tuples(one, st.sampled_from(JOINED)), max_size=9))
    text = "".join(word + joined for word, joined in parts)
    assert isinstance(interpret.interpret(text, instrument, item), MEANINGS)


def test_an_ordinal_is_no_number_of_anything():
    item, instrument = item_of("sleep", "es-US")
    for text in (
        "casi todos los días, la segunda más",
        "la segunda casi todos los días",
    ):
        assert isinstance(interpret.interpret(text, instrument, item), MEANINGS)
