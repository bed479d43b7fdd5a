"""Which wording a patient may read beneath a question, and which ones they did read.

A clinic's own rows first, then the shipped text; always by the clinic's policy, never
one that was vetoed, never one that the checks of today refuse.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from core.models import Clinic
from screening.domain.instruments import Instrument, Item
from screening.domain.wordings import SHOWN, Level, State, approved_by, same_words
from screening.language import drafts, gating, tables, wording
from screening.models import Wording, WordingSignOff


@dataclass(frozen=True, slots=True)
class Shown:
    """A text for a patient, and the key under which the answer names it.

    `by_model`: a program wrote it, and nobody has signed it yet.
    """

    text: str
    key: str
    by_model: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """One text of a concept and where it stands at a clinic; `row` if it has one.

    Versions count what was proposed here; a shipped text without a row has none yet.
    """

    key: str
    text: str
    checksum: str
    state: State
    version: int
    row: Wording | None = None

    @property
    def shown(self) -> Shown:
        """The text as a patient reads it."""
        unsigned = self.by_model and self.state is not State.APPROVED
        return Shown(self.text, f"{self.key}@{self.checksum[:12]}", unsigned)

    @property
    def passes(self) -> bool:
        """Whether the checks of today let it pass."""
        if self.row:
            return drafts.judged(self.row).passed
        # Without a row it was shipped, and stands by what the checks say of it now.
        return self.state is not State.PROPOSED

    @property
    def by_model(self) -> bool:
        """Whether a program wrote it."""
        return bool(self.row and self.row.origin == Wording.Origin.GENERATED)

    @property
    def came_shipped(self) -> bool:
        """Whether the product came with it."""
        return self.row is None or self.row.origin == Wording.Origin.SHIPPED


def find(clinic: Clinic, item: Item, instrument: Instrument) -> Mapping[Level, Shown]:
    """What this clinic's patients may read beneath an item, by level."""
    allowed = SHOWN[clinic.wording_policy]
    if not allowed or item.safety or not item.wordable:
        return {}
    stands = standing(clinic, item.concept, instrument.language)
    found = {}
    for level in Level:
        key = wording.key(instrument.language, item.concept, level)
        fit = [
            stand
            for stand in stands
            if stand.key == key and stand.state in allowed and stand.passes
        ]
        if fit:
            best = max(fit, key=_preferred)
            found[level] = best.shown
            if best.row:  # the answer that follows need not read it again
                _words(clinic.id, best.key, best.row.mark)
    return found


def _preferred(stand: Stand) -> tuple[bool, bool, bool, int]:
    """What people signed comes first; then what was written here, then what was
    shipped, then what a program wrote; then the newest."""
    approved = stand.state is State.APPROVED
    return approved, not stand.by_model, not stand.came_shipped, stand.version


def standing(clinic: Clinic, concept: str, language: str) -> list[Stand]:
    """Every wording and explanation of a concept, with where it stands."""
    short = tables.short(language)
    rows = Wording.objects.filter(clinic=clinic, concept=concept, language=short)
    texts = [text for text in wording.signable(short) if text.concept == concept]
    return stands(list(rows), texts, signatures(clinic, f"{short}/{concept}/"))


def stands(
    rows: Sequence[Wording],
    texts: Iterable[wording.HelpText],
    signed: Mapping[tuple[str, str], Collection[str]],
) -> list[Stand]:
    """Rows as they say; a shipped text without one as checks and signatures say.

    A text in the words of a vetoed one is vetoed with it, under whatever key.
    """
    known = {(row.key, row.checksum) for row in rows}
    found = [
        Stand(r.key, r.text, r.checksum, State(r.state), r.version, r) for r in rows
    ]
    for text in texts:
        if (text.key, text.checksum) not in known:
            state = _derived(text, signed.get((text.key, text.checksum), ()))
            found.append(Stand(text.key, text.text, text.checksum, state, 0))
    vetoed = [row for row in rows if row.state == State.VETOED]
    return [stand for stand in found if stand.row or not _struck(stand, vetoed)]


def _struck(stand: Stand, vetoed: Sequence[Wording]) -> bool:
    concept = stand.key.split("/")[1]
    return any(
        row.concept == concept and same_words(row.text, stand.text) for row in vetoed
    )


def _derived(text: wording.HelpText, roles: Collection[str]) -> State:
    if not gating.shipped(text).passed:
        return State.PROPOSED
    return State.APPROVED if approved_by(roles) else State.GATED


def signatures(clinic: Clinic, begins: str = "") -> dict[tuple[str, str], set[str]]:
    """The roles that signed, by key and checksum."""
    rows = WordingSignOff.objects.filter(clinic=clinic, wording_key__startswith=begins)
    found: dict[tuple[str, str], set[str]] = {}
    for key, checksum, role in rows.values_list("wording_key", "checksum", "role"):
        found.setdefault((key, checksum), set()).add(role)
    return found


def may_show(clinic: Clinic, text: wording.HelpText) -> bool:
    """Whether policy and the checks of today let patients read a shipped text."""
    return bool(showable(clinic, [text]))


def showable(
    clinic: Clinic, texts: Sequence[wording.HelpText]
) -> list[wording.HelpText]:
    """Those of one concept's shipped texts that patients may read as they stand."""
    allowed = SHOWN[clinic.wording_policy]
    if not allowed or not texts:
        return []
    stands = standing(clinic, texts[0].concept, texts[0].language)
    wanted = {(text.key, text.checksum) for text in texts}
    good = {
        (one.key, one.checksum)
        for one in stands
        if (one.key, one.checksum) in wanted and one.state in allowed and one.passes
    }
    return [text for text in texts if (text.key, text.checksum) in good]


def as_shown(
    clinic: Clinic, item: Item, instrument: Instrument, keys: Collection[str]
) -> dict[str, str]:
    """The texts behind the keys that a page says it showed, word for word.

    Whatever became of them since: the record has to say what this patient saw.
    """
    found = {
        text.shown_as: text.text
        for text in wording.signable(instrument.language)
        if text.concept == item.concept and text.shown_as in keys
    }
    asked = f"{tables.short(instrument.language)}/{item.concept}/"
    for name in keys:
        if name.startswith(asked) and name not in found:
            with suppress(LookupError):
                found[name] = _words(clinic.id, *name.rsplit("@", 1))
    return found


@lru_cache(maxsize=4096)
def _words(clinic_id: uuid.UUID, key: str, mark: str = "") -> str:
    """The words behind a key, read once a process: a row's words never change."""
    rows = Wording.objects.filter(clinic_id=clinic_id, key=key)
    found = [
        text for text, of in rows.values_list("text", "checksum") if of[:12] == mark
    ]
    if not found:
        raise LookupError(key)
    return found[0]
