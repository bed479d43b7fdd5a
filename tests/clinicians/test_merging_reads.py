"""After a merge: all that belongs to either record is read, asked and told together."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone

from clinicians import tasks
from clinicians.actions.inviting import ask, open_screenings
from clinicians.actions.looking import record_view
from clinicians.actions.mailing import claim_mail, due_mails
from clinicians.actions.merging import merge, unmerge
from clinicians.actions.missed import undelivered_of
from clinicians.actions.patients import find_by_number
from clinicians.actions.treatment import add_treatment_event
from clinicians.models import PatientMail
from clinicians.presenters.access import looks_at
from clinicians.presenters.patients import patient_view
from clinicians.presenters.treatment import event_lines
from clinicians.presenters.trend import scores_by_instrument
from core.audit import Actor
from core.models import AuditEvent, EmergencyAccess, Patient
from core.permissions import emergency_of
from screening.actions import (
    InvitationRefused,
    Invited,
    get_invitation,
    invite,
    reinvite,
)
from screening.actions.opening import open_invitation
from screening.actions.submitting import history
from screening.models import Score, Screening
from tests.cast import NOW, Cast, make_episode, make_patient, make_screening
from tests.clinicians.test_merging import fresh


@pytest.fixture
def two(cast: Cast) -> tuple[Patient, Patient]:
    return make_patient(cast.clinic), make_patient(cast.clinic)


def make_score(patient: Patient, total: int) -> Score:
    screening = make_screening(patient, status="COMPLETED")
    return Score.objects.create(
        administration=screening.administrations.get(),
        clinic=patient.clinic,
        patient=patient,
        instrument_id="phq-9",
        total=total,
        band="",
        complete=True,
        prorated=False,
        at_cut=False,
        detail={},
        at=NOW,
    )


def test_merged_history_is_read_together_and_no_row_moves(cast: Cast, two):
    kept, gone = two
    for patient, total in ((kept, 5), (gone, 12)):
        make_score(patient, total)
        add_treatment_event(
            patient=patient,
            kind="other",
            happened_on=NOW.date(),
            text="",
            by=cast.alice,
            at=NOW,
        )
    owners = list(Score.objects.order_by("pk").values_list("patient_id", flat=True))

    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)

    kept = fresh(kept)
    view = patient_view(kept, cast.clinic, at=NOW)
    assert {sitting.patient_id for sitting in view.sittings} == {kept.id, gone.id}
    scores = scores_by_instrument(kept, cast.clinic)["phq-9"]
    assert {score.total for score in scores} == {5, 12}
    assert len(event_lines(kept, cast.clinic.zone)) == 2
    assert (
        list(Score.objects.order_by("pk").values_list("patient_id", flat=True))
        == owners
    )
    number = gone.identifiers.get().value
    assert find_by_number(cast.clinic, number) == kept


def test_earlier_totals_of_both_count_for_what_is_raised_next(cast: Cast, two):
    kept, gone = two
    make_score(gone, 4)
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    for patient in two:
        past = history(make_screening(patient), "phq-9")
        assert [score.total for score in past] == [4]
    assert history(make_screening(make_patient(cast.clinic)), "phq-9") == []


def test_both_logs_tell_of_it_and_looks_are_read_together(cast: Cast, two):
    kept, gone = two
    with transaction.atomic():
        record_view(
            kind="PATIENT_VIEWED",
            object_type="patient",
            object_id=gone.id,
            by=cast.bob,
            at=NOW,
        )
    row = merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    assert looks_at(fresh(kept), cast.clinic).get().actor_id == str(cast.bob.id)
    unmerge(row=row, by=cast.sue, at=NOW)
    for kind in ("PATIENTS_MERGED", "PATIENTS_PARTED"):
        lines = AuditEvent.objects.filter(kind=kind)
        assert {line.object_id for line in lines} == {str(kept.id), str(gone.id)}
    assert not looks_at(fresh(kept), cast.clinic).exists()


def test_what_was_asked_before_can_still_be_answered_and_nothing_new_is(
    cast: Cast, two
):
    kept, gone = two
    by = Actor.staff(cast.fred)

    def ask(patient: Patient) -> Invited:
        return invite(patient=patient, battery=["phq-9"], language="en", by=by, at=NOW)

    made = ask(gone)
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)

    opened = get_invitation(made.invitation.id, at=NOW)
    assert opened == made.invitation
    reinvite(screening=made.screening, by=by, at=NOW)
    with pytest.raises(InvitationRefused, match="not active"):
        ask(gone)
    ask(fresh(kept))
    assert Screening.objects.filter(patient=kept).count() == 1


def test_mails_about_what_was_asked_before_still_go_out(cast: Cast):
    kept = make_patient(cast.clinic)
    gone = make_patient(cast.clinic, email="robin@example.org")
    made = ask(
        patient=gone,
        battery=["phq-9"],
        language="en",
        by=Actor.staff(cast.fred),
        at=NOW,
        mailed=True,
    )
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    # Who asks the patient anew is told that something is open.
    assert open_screenings([kept.id]) == {kept.id: made.screening}
    (due,) = due_mails(at=NOW)
    mail = claim_mail(due, at=NOW)
    assert mail
    assert mail.screening == made.screening


def test_corrected_address_and_birth_date_hold_for_what_was_asked_before(cast: Cast):
    kept = make_patient(cast.clinic, email="right@example.org", birth_date="1985-03-14")
    gone = make_patient(cast.clinic, email="wrong@example.org", birth_date="1985-04-13")
    made = ask(
        patient=gone,
        battery=["phq-9"],
        language="en",
        by=Actor.staff(cast.fred),
        at=NOW,
        mailed=True,
    )
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    tasks.send_mails_due(lambda: NOW)
    assert [message.to for message in outbox.outbox] == [["right@example.org"]]
    PatientMail.objects.filter(kind="INVITATION").update(failed_at=NOW)
    assert undelivered_of(cast.clinic).count() == 1
    link = made.invitation.id
    for born, opens in (("1985-04-13", False), ("1985-03-14", True)):
        found = open_invitation(invitation_id=link, given=born, at=NOW)
        assert (found is not None) == opens


def test_emergency_access_to_the_patient_opens_what_the_merged_record_has(
    cast: Cast, two
):
    kept, gone = two
    case, stranger = make_episode(gone), make_patient(cast.clinic)
    access = EmergencyAccess.objects.create(
        clinic=cast.clinic,
        patient=kept,
        user=cast.ada,
        reason="He cannot be reached",
        opened_at=timezone.now(),
        ends_at=timezone.now() + timedelta(minutes=5),
    )
    assert emergency_of(cast.ada, {"patient_id": gone.id}) is None
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    for named in ({"patient_id": gone.id}, {"episode_id": case.id}):
        assert emergency_of(cast.ada, named) == access
    assert emergency_of(cast.ada, {"patient_id": stranger.id}) is None
    assert emergency_of(cast.ada, {"episode_id": stranger.id}) is None
