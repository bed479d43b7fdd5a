"""The block beneath an official question: a plainer wording or an explanation.

Labelled as what it is, shown only when asked for, and never in place of the
official text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from screening.domain import dialogue
from screening.domain.wordings import Level
from screening.language import library, wording
from screening.models import Turn
from screening.models.sitting import Sitting
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class Block:
    """A help text as shown. `key` goes with the answer, so the record has it.

    `note` stands before it: what a question asked that we do not answer. `then` is
    what can be asked for next.
    """

    kind: str
    text: str
    key: str
    note: str = ""
    then: str = ""


def _note(sitting: Sitting, which: str) -> Block:
    page = texts(sitting.screening.language, "explain", sitting.screening.clinic)
    return Block(kind="note", text=page[which], key=f"note:{which}")


def help_block(
    sitting: Sitting, step: dialogue.Step, *, more: str, turn: Turn | None
) -> Block | None:
    """Return what to show beneath the question, or None if nothing was asked for."""
    wordable = sitting.item(step.part, step.link_id).wordable
    if wordable and turn is not None and turn.outcome.get("to") == "clarified":
        return _clarified(sitting, step, turn)
    if turn is not None and turn.outcome.get("to") == "clarified":
        more = "explain"
    if more not in ("explain", *wording.NAMES.values()):
        return None
    return _library(sitting, step, more)


def _clarified(sitting: Sitting, step: dialogue.Step, turn: Turn) -> Block:
    """Return what a question was answered with: by a model, or from the library."""
    if turn.interpretation.get("source") == "model":
        return Block(kind="model", text=turn.reply, key=f"turn:{turn.id}")
    found = _library(sitting, step, "explain")
    if not turn.reply:
        return found
    # The note alone says it all where there is nothing to show after it.
    text = "" if found.kind == "note" else found.text
    return replace(found, text=text, note=turn.reply)


def _library(sitting: Sitting, step: dialogue.Step, more: str) -> Block:
    item, instrument = (
        sitting.item(step.part, step.link_id),
        sitting.instrument(step.part),
    )
    if not item.wordable:
        return _note(sitting, "never")
    clinic = sitting.screening.clinic
    if more in wording.NAMES.values():
        return _simpler(library.find(clinic, item, instrument), more) or _note(
            sitting, "none"
        )
    found = wording.explanation(item, instrument)
    if found is None or not library.may_show(clinic, found):
        return _note(sitting, "none")
    return Block(kind=more, text=found.text, key=found.shown_as)


def _simpler(found: Mapping[Level, library.Shown], more: str) -> Block | None:
    """Return the wording that was asked for; the plain one leads on to the easy one."""
    plain, easy = found.get(Level.PLAIN), found.get(Level.EASY)
    if more == wording.NAMES[Level.EASY] or plain is None:
        return _wording_block(easy, "easier") if easy else None
    then = wording.NAMES[Level.EASY] if easy else ""
    return _wording_block(plain, "plainer", then=then)


def _wording_block(shown: library.Shown, kind: str, *, then: str = "") -> Block:
    # Written by a program and signed by nobody yet: the label says so.
    kind = "proposed" if shown.by_model else kind
    return Block(kind=kind, text=shown.text, key=shown.key, then=then)
