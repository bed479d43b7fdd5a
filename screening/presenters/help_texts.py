"""The block beneath an official question: a plainer wording or an explanation.

Labelled as what it is, shown only when asked for, and never in place of the
official text.
"""

from dataclasses import dataclass, replace

from screening import actions
from screening.domain import dialogue
from screening.language import wording
from screening.models import Turn
from screening.models.sitting import Sitting
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class Block:
    """A help text as shown. `key` goes with the answer, so the record has it.

    `note` stands before it: what a question asked that we do not answer.
    """

    kind: str
    text: str
    key: str
    note: str = ""


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
    if more not in ("plainer", "explain"):
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
    item = sitting.item(step.part, step.link_id)
    if not item.wordable:
        return _note(sitting, "never")
    find = wording.plainer if more == "plainer" else wording.explanation
    found = find(item, sitting.instrument(step.part))
    if found is None or not _may_show(sitting, found):
        return _note(sitting, "none")
    return Block(kind=more, text=found.text, key=found.shown_as)


def _may_show(sitting: Sitting, found: wording.HelpText) -> bool:
    """Return whether the clinic's policy lets this text be seen as it stands."""
    clinic = sitting.screening.clinic
    if clinic.wording_policy == "official":
        return False
    if clinic.wording_policy == "gated":
        return True
    return (found.key, found.checksum) in actions.signed(clinic.id)
