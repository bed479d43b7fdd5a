"""A question back names the likely options and has words for the page."""

import pytest

from screening import definitions
from screening.language import interpret, phrasebook
from tests.screening.language.cast import item_of

FROM_CODE = {
    "boundary",
    "bare_number",
    "how_often",
    "negated",
    "other_period",
    "refusal_and_answer",
    "somebody_else",
    "times",
    "turned_round",
    "two_answers",
    "unsure",
    "yes",
}
ASKED = [
    ("7 days", "en", "mood", (1, 2)),
    ("one day", "en", "mood", (0, 1)),
    ("6 to 8 days", "en", "mood", (1, 2)),
    ("every other day", "en", "mood", (1, 2)),
    ("half the time", "en", "mood", (1, 2)),
    ("yes", "en", "mood", (1, 2, 3)),
    ("I feel so sad", "en", "mood", (1, 2, 3)),
    ("I never sleep", "en", "sleep", (1, 2, 3)),
    ("several days or nearly every day", "en", "mood", (1, 3)),
    ("I slept fine every night", "en", "sleep", (0, 3)),
    ("not too difficult", "en", "functional_difficulty", (0, 1)),
    ("siete días", "es-US", "mood", (1, 2)),
    ("un día sí y otro no", "es-US", "mood", (1, 2)),
    ("casi nunca", "es-US", "mood", (0, 1)),
    ("nunca duermo", "es-US", "sleep", (0, 3)),
    ("no tan difícil", "es-US", "functional_difficulty", (0, 1)),
]


@pytest.mark.parametrize(("text", "language", "concept", "values"), ASKED)
def test_interpret_asks_back_with_the_likely_options(text, language, concept, values):
    item, instrument = item_of(concept, language)
    found = interpret.interpret(text, instrument, item)
    assert isinstance(found, interpret.AskBack), found
    assert found.values == values


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_every_reason_to_ask_back_has_words_of_its_own(language):
    table = phrasebook.vocabulary(language[:2]).table
    rows = [*table["phrases"], *table["difficulty"]]
    reasons = FROM_CODE | {row["reason"] for row in rows if row.get("reason")}
    lines = definitions.pages(language)["again"]
    assert reasons <= set(lines), reasons - set(lines)


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_a_difficulty_is_never_asked_back_as_a_frequency(language):
    table = phrasebook.vocabulary(language[:2]).table
    lines = definitions.pages(language)["again"]
    reasons = {row["reason"] for row in table["difficulty"] if row.get("reason")}
    for reason in reasons | {"two_answers", "turned_round"}:
        assert "14" not in lines[reason]
        assert "how often" not in lines[reason]
        assert "frecuencia" not in lines[reason]
