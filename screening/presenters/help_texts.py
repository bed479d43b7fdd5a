"""The block beneath an official question: a plainer wording or an explanation.

Labelled as what it is, shown only when asked for, and never in place of the
official text.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from screening.domain import dialogue
from screening.domain.wordings import Level
from screening.engine.explaining import NONE
from screening.language import explanations, library, wording
from screening.models import Turn
from screening.models.sitting import Sitting
from screening.presenters.texts import texts


@dataclass(frozen=True, slots=True)
class Offer:
    """One more explanation that can be asked for."""

    pick: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A help text as shown. `key` goes with the answer, so the record has it.

    `note` stands before it: what a question asked that we do not answer, and `person`
    after it: who does. `then` is what can be asked for next, `offers` what the question
    `of` this turn may have meant.
    """

    kind: str
    text: str
    key: str
    note: str = ""
    then: str = ""
    person: str = ""
    of: str = ""
    offers: tuple[Offer, ...] = ()


def _note(sitting: Sitting, which: str) -> Block:
    return Block(kind="note", text=_page(sitting)[which], key=f"note:{which}")


def _page(sitting: Sitting) -> Mapping[str, str]:
    clinic = sitting.screening.clinic
    return texts(sitting.screening.language, "explain", clinic)


def asked_for(ask: Mapping[str, str], block: Block | None) -> str:
    """Return the part of a page's query by which what stands beneath came about."""
    kept = {name: ask[name] for name in ("more", "turn") if ask.get(name)}
    return f"?{urlencode(kept)}" if block and kept else ""


def help_block(
    sitting: Sitting, step: dialogue.Step, *, more: str, turn: Turn | None
) -> Block | None:
    """Return what to show beneath the question, or None if nothing was asked for."""
    if turn is not None and turn.outcome.get("to") == "clarified":
        return _clarified(sitting, step, turn)
    if more not in ("explain", *wording.NAMES.values()):
        return None
    return _library(sitting, step, more)


def _clarified(sitting: Sitting, step: dialogue.Step, turn: Turn) -> Block:
    """Return what a question was answered with, and what else it may have meant."""
    made = turn.interpretation
    if made.get("source") == "model":
        return Block(kind="model", text=turn.reply, key=f"turn:{turn.id}")
    item = sitting.item(step.part, step.link_id)
    if not item.wordable:
        return _note(sitting, "never")
    found = _reviewed(sitting, step, str(made.get("shown", "")))
    note = str(made.get("note", ""))
    if note:
        page = _page(sitting)
        person = page["person"] if sitting.screening.clinic.phone else ""
        said = explanations.note(note, sitting.screening.language).text
        # The note alone says it all where there is nothing to show after it.
        found = replace(found or Block("note", "", f"note:{note}"), note=said)
        return replace(found, person=person)
    offers = _offers(sitting, turn)
    if found is None and not offers:
        return _note(sitting, "none")
    block = found or Block("offers", "", "")
    return replace(block, of=str(made.get("of", turn.id)), offers=offers)


def _offers(sitting: Sitting, turn: Turn) -> tuple[Offer, ...]:
    """What the question may have meant, without what is shown; "none" comes last."""
    made = turn.interpretation
    asked = sitting.turn(uuid.UUID(made["of"])) if "of" in made else None
    offered = (asked.interpretation if asked else made).get("offered", ())
    shown = (asked.interpretation if asked else {}).get("shown", "")
    others = [one for one in (shown, *offered) if one and one != made.get("shown")]
    if not others and not made.get("shown"):
        return ()
    language = sitting.screening.language
    listed = [Offer(one, explanations.label(one, language)) for one in others]
    return (*listed, Offer(NONE, _page(sitting)["something_else"]))


def _reviewed(sitting: Sitting, step: dialogue.Step, kind: str) -> Block | None:
    item, instrument = sitting.item(*_ids(step)), sitting.instrument(step.part)
    found = wording.text(item, instrument, kind) if kind else None
    if found is None or not library.may_show(sitting.screening.clinic, found):
        return None
    return Block(kind="explain", text=found.text, key=found.shown_as)


def _ids(step: dialogue.Step) -> tuple[int, str]:
    return step.part, step.link_id


def _library(sitting: Sitting, step: dialogue.Step, more: str) -> Block:
    item, instrument = sitting.item(*_ids(step)), sitting.instrument(step.part)
    if not item.wordable:
        return _note(sitting, "never")
    if more in wording.NAMES.values():
        found = library.find(sitting.screening.clinic, item, instrument)
        return _simpler(found, more) or _note(sitting, "none")
    return _reviewed(sitting, step, wording.MEANING) or _note(sitting, "none")


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
