"""Every write of the clinicians app: one keyword-only function each."""

from clinicians.actions.base import CaseChanged
from clinicians.actions.closing import close, contact_recorded, reopen
from clinicians.actions.reviewing import (
    ClaimedByOther,
    NoteRefused,
    acknowledge,
    claim,
    note,
    record_contact,
    release,
)

__all__ = [
    "CaseChanged",
    "ClaimedByOther",
    "NoteRefused",
    "acknowledge",
    "claim",
    "close",
    "contact_recorded",
    "note",
    "record_contact",
    "release",
    "reopen",
]
