"""Mails, schedules and what was not answered, in words for staff."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicians.models import PatientMail, Schedule, ScheduleRun
from clinicians.presenters.people import PatientHeader, header
from clinicians.presenters.times import moment, named_day
from clinicians.workflow.planning import every
from core.models import Clinic
from screening.models import Screening


@dataclass(frozen=True, slots=True)
class MailLine:
    """What became of one mail."""

    id: uuid.UUID
    text: str
    failed: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """A day of a schedule that came."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One schedule."""

    id: uuid.UUID
    title: str
    every: str
    until: str
    state: str
    going: bool
    paused: bool
    last: str
    runs: Sequence[RunLine]


@dataclass(frozen=True, slots=True)
class MissedLine:
    """A screening that ran out, with the button to ask again."""

    id: uuid.UUID
    patient: PatientHeader
    title: str
    asked: str
    how: str


@dataclass(frozen=True, slots=True)
class UndeliveredLine:
    """A mail that did not get through, and whose it was."""

    patient: PatientHeader
    mail: MailLine


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A planned day on which a patient was not asked."""

    patient: PatientHeader
    title: str
    run: RunLine


def title_of(battery: Iterable[str]) -> str:
    """The questionnaires by their short names."""
    return " and ".join(name.upper() for name in battery)


def mail_line(mail: PatientMail, zone: ZoneInfo) -> MailLine:
    """Say where one mail stands."""
    return MailLine(mail.id, _mail_text(mail, zone), mail.failed_at is not None)


def mail_lines(mails: Iterable[PatientMail], zone: ZoneInfo) -> list[MailLine]:
    """Those worth a line: a reminder that nobody needed any more is none."""
    told = [
        m
        for m in mails
        if m.stopped_at is None or m.kind == PatientMail.Kind.INVITATION
    ]
    return [mail_line(m, zone) for m in sorted(told, key=lambda m: m.due_at)]


def _mail_text(mail: PatientMail, zone: ZoneInfo) -> str:
    what = "Reminder" if mail.kind == PatientMail.Kind.REMINDER else "E-mail"
    if mail.sent_at:
        return f"{what} sent {moment(mail.sent_at, zone)}"
    if mail.failed_at:
        return f"{what} could not be delivered: {mail.last_error}"
    if mail.stopped_at or mail.next_at is None:
        return f"{what} not sent: {mail.last_error}"
    if mail.last_error:
        again = moment(mail.next_at, zone)
        return f"{what} not delivered yet: {mail.last_error} Tried again {again}"
    if mail.kind == PatientMail.Kind.REMINDER:
        return f"Reminder planned for {moment(mail.due_at, zone)}, if not begun by then"
    return "E-mail on its way"


def schedule_lines(rows: Iterable[Schedule], zone: ZoneInfo) -> list[ScheduleLine]:
    """Present schedules; their runs are prefetched, the newest first."""
    return [_schedule(row, zone) for row in rows]


def _schedule(row: Schedule, zone: ZoneInfo) -> ScheduleLine:
    runs = [run_line(run) for run in row.runs.all()]
    return ScheduleLine(
        id=row.id,
        title=title_of(row.battery),
        every=every(row.every_days // 7),
        until=named_day(row.until_on),
        state=_state(row, zone),
        going=row.ended_at is None,
        paused=row.paused_at is not None,
        last=f"{runs[0].day}: {runs[0].text}" if runs else "",
        runs=runs,
    )


def _state(row: Schedule, zone: ZoneInfo) -> str:
    if row.ended_at:
        return f"Ended {moment(row.ended_at, zone)}. {row.ended_reason}".strip()
    if row.paused_at:
        return f"Paused since {moment(row.paused_at, zone)}"
    return f"Next: {moment(row.next_at, zone)}" if row.next_at else "Nothing planned"


def run_line(run: ScheduleRun) -> RunLine:
    """What became of one day."""
    text = f"Not asked. {run.skipped}" if run.skipped else "Asked by e-mail."
    if run.missed:
        days = "1 earlier day" if run.missed == 1 else f"{run.missed} earlier days"
        text += f" {days} went by while nothing was sent out."
    return RunLine(named_day(run.due_on), text)


def missed_line(row: Screening, clinic: Clinic) -> MissedLine:
    """Present what ran out; the patient's identifiers are prefetched."""
    locked = any(link.locked_at for link in row.invitations.all())
    how = "Begun, not finished in time" if row.started_at else "Not begun in time"
    return MissedLine(
        id=row.id,
        patient=header(row.patient),
        title=title_of(row.battery),
        asked=moment(row.created_at, clinic.zone),
        how="The link was locked after five failed checks" if locked else how,
    )


def undelivered_line(mail: PatientMail, clinic: Clinic) -> UndeliveredLine:
    """Present a mail that did not get through."""
    return UndeliveredLine(header(mail.screening.patient), mail_line(mail, clinic.zone))


def skipped_line(run: ScheduleRun) -> SkippedLine:
    """Present a planned day that was not asked."""
    return SkippedLine(
        header(run.schedule.patient), title_of(run.schedule.battery), run_line(run)
    )
