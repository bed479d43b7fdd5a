"""What typed words are: a question about the item, or an answer as plain rules read it.

The one order in which a patient's turn, the words beside a tapped option and
`manage.py language interpret` read words.
"""

from dataclasses import dataclass

from screening.domain.instruments import Instrument, Item
from screening.language import interpret, questions

# Readings that a question mark does not turn into a question about the item.
CLEAR = frozenset({"official", "days"})


@dataclass(frozen=True, slots=True)
class Question:
    """Something is asked about the item; no answer is read from it."""


def read(text: str, instrument: Instrument, item: Item) -> interpret.Meaning | Question:
    """Return what a reply means: asked in so many words, or by what no rule reads as
    an answer and many mean as a question ("I do not read newspapers")."""
    language = instrument.language
    if interpret.is_question(text, language):
        return Question()
    meant = interpret.interpret(text, instrument, item)
    # "always" alone answers; in "I'm always like that?" it does not.
    clear = isinstance(meant, interpret.Proposed) and meant.why in CLEAR
    doubted = "?" in text and not clear
    unread = isinstance(meant, interpret.Unclear)
    if (unread or doubted) and questions.asks(text, language):
        return Question()
    return meant
