"""Every write of the clinicians app: one keyword-only function each."""

from clinicians.actions.absences import AbsenceRefused, call_off, go_away
from clinicians.actions.base import CaseChanged, part_of
from clinicians.actions.closing import (
    OpenCaseExists,
    close,
    contact_recorded,
    reopen,
    waits_for_second,
)
from clinicians.actions.confirming import confirm_close, decline_close, proposal
from clinicians.actions.handing import (
    hand_over,
    hand_over_shift,
    may_hand_over,
    takers,
)
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
from clinicians.actions.snoozing import snooze, wake

__all__ = [
    "AbsenceRefused",
    "CaseChanged",
    "ClaimedByOther",
    "NoteRefused",
    "OpenCaseExists",
    "acknowledge",
    "call_off",
    "claim",
    "close",
    "confirm_close",
    "contact_recorded",
    "decline_close",
    "end_access",
    "go_away",
    "hand_over",
    "hand_over_shift",
    "may_hand_over",
    "note",
    "part_of",
    "proposal",
    "record_contact",
    "release",
    "reopen",
    "snooze",
    "takers",
    "wake",
    "waits_for_second",
]
