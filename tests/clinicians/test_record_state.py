"""A record set inactive or deceased: what ends, what stays, and the way back."""

from datetime import date, timedelta

import pytest

from clinicians.actions.merging import merge, unmerge
from clinicians.actions.records import restore, set_state
from clinicians.models import PatientMail, Schedule, StateChange
from clinicians.workflow.records import RecordState, StateRefused
from core.audit import Actor
from core.models import AuditEvent, Patient
from core.permissions import PermissionRefused
from screening.actions import InvitationRefused, invite, reinvite
from tests.cast import NOW, Cast, make_patient, make_screening


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


def inactive(cast: Cast, patient: Patient, **given):
    wanted = {
        "state": RecordState.INACTIVE,
        "reason": "care-ended",
        "by": cast.fred,
        "at": NOW,
        **given,
    }
    return set_state(patient=patient, **wanted)


def make_schedule(patient: Patient, **given) -> Schedule:
    day = NOW.date()
    fields = {
        "battery": ["phq-9"],
        "language": "en",
        "every_days": 14,
        "starts_on": day,
        "until_on": day + timedelta(days=90),
        "next_at": NOW + timedelta(days=14),
        "created_at": NOW,
        **given,
    }
    return Schedule.objects.create(clinic=patient.clinic, patient=patient, **fields)


def make_mail(screening) -> PatientMail:
    return PatientMail.objects.create(
        clinic=screening.clinic,
        screening=screening,
        kind=PatientMail.Kind.REMINDER,
        key=f"reminder:{screening.id}",
        due_at=NOW,
        next_at=NOW,
        created_at=NOW,
    )


def test_links_mails_and_schedules_end_and_the_case_stays(cast: Cast):
    episode = cast.flagged()
    patient = episode.patient
    made = invite(
        patient=patient,
        battery=["phq-9"],
        language="en",
        by=Actor.staff(cast.fred),
        at=NOW,
    )
    schedule, mail = make_schedule(patient), make_mail(made.screening)
    before = type(episode).objects.values().get(id=episode.id)

    ended = inactive(cast, patient)

    assert (ended.links, ended.schedules) == (1, 1)
    for row in (made.invitation, schedule, mail):
        row.refresh_from_db()
    assert made.invitation.revoked_at == NOW
    assert (schedule.next_at, schedule.ended_at) == (None, NOW)
    assert schedule.ended_reason == "The patient's record: inactive."
    assert (mail.next_at, mail.stopped_at) == (None, NOW)
    assert type(episode).objects.values().get(id=episode.id) == before
    with pytest.raises(InvitationRefused, match="not active"):
        reinvite(screening=made.screening, by=Actor.staff(cast.fred), at=NOW)


def test_it_is_on_record_with_its_reason(cast: Cast, patient: Patient):
    inactive(cast, patient, note="Moved to the coast")
    change = StateChange.objects.get()
    assert (change.before, change.after) == ("ACTIVE", "INACTIVE")
    assert (change.reason, change.note) == ("care-ended", "Moved to the coast")
    line = AuditEvent.objects.get(kind="PATIENT_SET_INACTIVE")
    assert line.detail["reason"] == "care-ended"
    assert "coast" not in str(line.detail)


def test_a_death_has_its_day_where_it_is_known(cast: Cast, patient: Patient):
    given = {"state": RecordState.DECEASED, "reason": "family"}
    inactive(cast, patient, **given, died_on=date(2026, 9, 1))
    patient.refresh_from_db()
    assert (patient.status, patient.died_on) == ("DECEASED", "2026-09-01")

    restore(patient=patient, note="Another patient was meant", by=cast.sue, at=NOW)
    patient.refresh_from_db()
    assert (patient.status, patient.died_on) == ("ACTIVE", "")
    assert StateChange.objects.count() == 2


def test_an_inactive_record_can_be_set_deceased_later(cast: Cast, patient: Patient):
    inactive(cast, patient)
    inactive(cast, patient, state=RecordState.DECEASED, reason="register")
    patient.refresh_from_db()
    assert patient.status == "DECEASED"


def test_what_cannot_be_is_refused_and_changes_nothing(cast: Cast, patient: Patient):
    deceased = {"state": RecordState.DECEASED, "reason": "family"}
    for wrong, sentence in (
        ({"reason": "because"}, "one of the reasons"),
        ({"reason": "family"}, "one of the reasons"),
        ({"note": "x" * 501}, "Shorten the note"),
        ({**deceased, "died_on": date(2026, 9, 16)}, "in the future"),
        ({**deceased, "died_on": date(1985, 3, 13)}, "before the day of birth"),
        ({"state": RecordState.MERGED}, "active already"),
    ):
        with pytest.raises(StateRefused, match=sentence):
            inactive(cast, patient, **wrong)
    inactive(cast, patient)
    with pytest.raises(StateRefused, match="inactive already"):
        inactive(cast, patient)
    with pytest.raises(StateRefused, match="Write why"):
        restore(patient=patient, note=" ", by=cast.sue, at=NOW)
    assert StateChange.objects.count() == 1


def test_only_a_supervisor_undoes_it_and_only_the_clinic_does_any(
    cast: Cast, patient: Patient
):
    inactive(cast, patient)
    for who in (cast.fred, cast.alice):
        with pytest.raises(PermissionRefused, match="make a record active again"):
            restore(patient=patient, note="Back", by=who, at=NOW)
    with pytest.raises(PermissionRefused, match="another clinic"):
        inactive(cast, patient, by=cast.charlie)
    with pytest.raises(StateRefused, match="neither"):
        restore(patient=make_patient(cast.clinic), note="x", by=cast.sue, at=NOW)


def test_an_unfinished_screening_keeps_what_was_said(cast: Cast, patient: Patient):
    screening = make_screening(patient, status="IN_PROGRESS", started_at=NOW)
    inactive(cast, patient)
    screening.refresh_from_db()
    assert screening.status == "IN_PROGRESS"


def test_a_record_whose_birth_date_cannot_be_read_is_set_and_merged_all_the_same(
    cast: Cast, patient: Patient
):
    kept, lost = make_patient(cast.clinic), make_patient(cast.clinic)
    # Sealed for another row: damaged, as far as these are concerned.
    sealed = Patient.objects.get(id=kept.id).__dict__["birth_date"]
    rows = Patient.objects.filter(id__in=[patient.id, lost.id])
    rows.update(birth_date=sealed)
    before = dict(rows.values_list("id", "birth_date_index"))

    given = {"state": RecordState.DECEASED, "reason": "family"}
    inactive(cast, rows.get(id=patient.id), **given, died_on=date(2026, 9, 1))
    row = merge(kept=kept, gone=rows.get(id=lost.id), by=cast.sue, at=NOW)
    unmerge(row=row, by=cast.sue, at=NOW)

    assert dict(rows.values_list("id", "status")) == {
        patient.id: "DECEASED",
        lost.id: "ACTIVE",
    }
    assert dict(rows.values_list("id", "birth_date_index")) == before
