"""Every write of the clinicians app: one keyword-only function each."""

from clinicians.actions.base import CaseChanged, part_of
from clinicians.actions.closing import (
    OpenCaseExists,
    close,
    contact_recorded,
    reopen,
    waits_for_second,
)
from clinicians.actions.confirming import confirm_close, decline_close, proposal
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
    "confirm_close",
    "contact_recorded",
    "decline_close",
    "end_access",
    "note",
    "part_of",
    "proposal",
    "record_contact",
    "release",
    "reopen",
    "waits_for_second",
]
