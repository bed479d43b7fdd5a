"""A file of wordings in: its new texts are proposed, and nothing is signed by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.models import Clinic, User
from screening import actions
from screening.domain.wordings import Draft
from screening.language import incoming, wording
from screening.language.incoming import Read
from screening.models import Wording


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every line: its number, and why it was refused."""

    proposed: Sequence[int]
    known: Sequence[int]
    refused: Sequence[tuple[int, str]]


def import_wordings(
    *, clinic: Clinic, content: bytes, by: User | None, at: datetime
) -> Imported:
    """Propose what is new, line by line. Raises exchange.FileRefused."""
    proposed, known, refused = [], [], []
    for line in incoming.read(content):
        if line.draft is None:
            refused.append((line.number, line.reason))
        elif _shipped(line.draft) or _kept(clinic, line.draft):
            known.append(line.number)
        elif not line.draft.passed:
            refused.append((line.number, _faults(line)))
        else:
            try:
                actions.propose(clinic=clinic, draft=line.draft, by=by, at=at)
                proposed.append(line.number)
            except actions.AlreadyThere as error:
                refused.append((line.number, str(error)))
    return Imported(proposed, known, refused)


def _shipped(draft: Draft) -> bool:
    """Whether the product came with this very text."""
    return any(
        (text.key, text.checksum) == (draft.key, draft.checksum)
        for text in wording.signable(draft.language)
    )


def _kept(clinic: Clinic, draft: Draft) -> bool:
    """Whether the clinic's library has this very text, in whatever state."""
    same = Wording.objects.filter(clinic=clinic, key=draft.key)
    return same.filter(checksum=draft.checksum).exists()


def _faults(line: Read) -> str:
    verdicts = line.draft.verdicts if line.draft else ()
    found = "; ".join(f"{check} (“{span}”)" for check, span in verdicts)
    return f"The text does not pass the checks: {found}."
