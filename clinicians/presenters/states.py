"""Where a screening stands and when it was answered, in words."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from clinicians.presenters.times import moment
from screening.models import Screening

STATUS: Mapping[str, str] = {
    "INVITED": "Invited, not opened",
    "CONSENTED": "Opened, nothing answered yet",
    "IN_PROGRESS": "Being answered",
    "COMPLETED": "Submitted",
    "WITHDRAWN": "Stopped by the patient",
    "EXPIRED": "Expired unfinished",
}


STATUS_ENTERED: Mapping[str, str] = {
    **STATUS,
    "INVITED": "Begun by staff, nothing entered yet",
    "IN_PROGRESS": "Being entered by staff",
    "WITHDRAWN": "Discarded by staff unfinished",
}


def answered(row: Screening, zone: ZoneInfo) -> str:
    """When the patient answered; what staff entered is of the day that they named."""
    if row.answered_at is not None:
        return moment(row.answered_at, zone).partition(",")[0]
    return moment(row.completed_at or row.started_at or row.created_at, zone)


def status_of(row: Screening) -> str:
    """Where a screening stands, in words; staff's own entries have words of their own."""
    if row.retracted_at is not None:
        return "Entered in error"
    if row.origin == Screening.Origin.STAFF:
        return STATUS_ENTERED[row.status]
    if row.status == Screening.Status.EXPIRED and row.started_at is None:
        return "Missed: not begun in time"
    return STATUS[row.status]
