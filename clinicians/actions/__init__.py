"""Every write of the clinicians app: one keyword-only function each."""

from clinicians.actions.base import CaseChanged
from clinicians.actions.closing import OpenCaseExists, close, contact_recorded, reopen
from clinicians.actions.leaving import end_access
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
    "OpenCaseExists",
    "acknowledge",
    "claim",
    "close",
    "contact_recorded",
    "end_access",
    "note",
    "record_contact",
    "release",
    "reopen",
]
