"""Every fault of the language layer's data at once, for `manage.py check`."""

from collections.abc import Callable

from screening.language import (
    explanations,
    gate_tables,
    neighbours,
    phrasebook,
    question_bank,
    questions,
    redact,
    safety,
    tables,
)
from screening.language.evaluation import table as evaluation


def problems() -> list[str]:
    """What is wrong with the rule and help files; nothing means all can be used."""
    found: list[str] = []
    for language in tables.LANGUAGES:
        for load in _loads(language):
            try:
                load()
            except (tables.TableError, KeyError, TypeError, ValueError) as error:
                found.append(f"{language}: {error}")
    return found


def _loads(language: str) -> tuple[Callable[[], object], ...]:
    return (
        lambda: safety.book(language),
        lambda: phrasebook.vocabulary(language),
        lambda: gate_tables.compile_all(language),
        lambda: explanations.check(language),
        lambda: questions.check(language),
        lambda: redact.redact("warm"),
        neighbours.check,
        question_bank.check,
        evaluation.targets,
    )
