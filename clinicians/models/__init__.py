"""What review and its planning leave behind: one module per noun."""

from clinicians.models.inviting import InviteBatch, ScheduleRun
from clinicians.models.notice import Notice
from clinicians.models.planning import (
    Absence,
    PatientMail,
    Schedule,
    TreatmentEvent,
)
from clinicians.models.records import NotOnePerson, PatientMerge, StateChange
from clinicians.models.review import BulkAct, ReviewEvent

__all__ = [
    "Absence",
    "BulkAct",
    "InviteBatch",
    "NotOnePerson",
    "Notice",
    "PatientMail",
    "PatientMerge",
    "ReviewEvent",
    "Schedule",
    "ScheduleRun",
    "StateChange",
    "TreatmentEvent",
]
