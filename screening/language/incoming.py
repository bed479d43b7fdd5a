"""Lines of a reviewed file, read into texts to propose.

Each line is a wording, or a refusal that says why. A state or a signature in a file
counts for nothing.
"""

from dataclasses import dataclass

from screening.domain.wordings import Draft, Level
from screening.language import drafts, gating, tables, wording
from screening.language.exchange import EXPLANATION, Line, lines_of, official
from screening.models import Wording

LONGEST = 2000


class LineRefused(ValueError):
    """This line cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Read:
    """One line of a file: a text to propose, or why there is none."""

    number: int
    draft: Draft | None
    reason: str = ""


def read(content: bytes) -> list[Read]:
    """Read and check every line. Raises FileRefused if no line can be trusted."""
    return [_checked(number, line) for number, line in lines_of(content)]


def _checked(number: int, line: Line | str) -> Read:
    if isinstance(line, str):
        return Read(number, None, line)
    try:
        return Read(number, _draft(line))
    except LineRefused as error:
        return Read(number, None, str(error))


def _draft(line: Line) -> Draft:
    language = line["language"].strip().lower()
    if language not in tables.LANGUAGES:
        known = " or ".join(tables.LANGUAGES)
        raise LineRefused(f"The language is {known}, not “{language[:20]}”.")
    question = _question(line["item"].strip(), language)
    level = line["level"].strip().lower()
    if level == EXPLANATION:
        return _explanation(line["text"], question, language)
    if level not in list(Level):
        raise LineRefused(f"The level is plain or easy, not “{level[:20]}”.")
    told = line["official"].strip()
    if told and told != official(question):
        raise LineRefused("The official text on this line is not the one used here.")
    if not line["text"].strip() or len(line["text"]) > LONGEST:
        raise LineRefused("The text is empty or far too long.")
    return drafts.paraphrase(
        line["text"],
        concept=question[0].concept,
        language=language,
        level=Level(level),
        origin=Wording.Origin.IMPORTED,
    )


def _explanation(text: str, question: gating.Question, language: str) -> Draft:
    """A shipped explanation that went out with the rest; a new one has no way in."""
    for shipped in wording.signable(language):
        same = shipped.level is None and shipped.concept == question[0].concept
        if same and shipped.text == text:
            return drafts.shipped(shipped)
    raise LineRefused("Explanations come with the product; import wordings only.")


def _question(name: str, language: str) -> gating.Question:
    """The official question that `phq-9/44250-9` names."""
    instrument_id, _, code = name.partition("/")
    for item, instrument in gating.all_questions(language):
        if instrument.id == instrument_id and item.link_id.lstrip("/") == code:
            return item, instrument
    raise LineRefused(
        f"“{name[:40]}” is no question that may be put in other words here in "
        f"“{language}”. Write it like phq-9/44250-9."
    )
