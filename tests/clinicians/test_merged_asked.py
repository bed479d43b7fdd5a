"""What a merged record was asked: one person still answers, misses and is told it."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from clinicians.actions.emergencies import end_access, open_record
from clinicians.actions.inviting import ask_once
from clinicians.actions.merging import merge
from clinicians.actions.missed import missed_of, undelivered_of
from clinicians.actions.records import set_state
from clinicians.actions.schedules import ScheduleRefused
from clinicians.models import PatientMail, Schedule
from clinicians.workflow.records import MergeRefused, RecordState
from core.audit import Actor
from core.models import Patient
from screening.actions import find_invitation, open_invitation
from screening.models import Invitation, Screening
from tests.cast import NOW, Cast, make_patient, signed_in
from tests.clinicians.planned import ADDRESS, asked, reachable, tick
from tests.clinicians.test_schedules import started
from tests.clinicians.views.test_missed import missed


def gone_into(cast: Cast, gone: Patient) -> Patient:
    kept = make_patient(cast.clinic, email="stays@example.org")
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    return kept


def test_its_link_still_works_while_the_record_that_stays_is_in_use(cast: Cast):
    made = asked(cast)
    kept = gone_into(cast, made.screening.patient)
    assert find_invitation(made.token, at=NOW) == made.invitation
    given = made.screening.patient.birth_date
    opened = open_invitation(invitation_id=made.invitation.id, given=given, at=NOW)
    assert opened is not None

    # Ended here by hand: setting the record inactive would revoke the link as well.
    Patient.objects.filter(id=kept.id).update(status="INACTIVE")
    assert find_invitation(made.token, at=NOW) is None


def test_its_mails_still_go_out_until_the_record_that_stays_is_not_in_use(cast: Cast):
    made = asked(cast)
    kept = gone_into(cast, made.screening.patient)
    tick(NOW)
    # To the address of the record that stays, as the page of the patient shows it.
    assert [message.to for message in outbox.outbox] == [[kept.email]]
    set_state(
        patient=kept,
        state=RecordState.INACTIVE,
        reason="asked",
        by=cast.fred,
        at=NOW,
    )
    made.invitation.refresh_from_db()
    assert made.invitation.revoked_at == NOW
    assert not PatientMail.objects.filter(next_at__isnull=False).exists()


def test_what_it_missed_is_listed_and_asked_again_of_the_record_that_stays(cast: Cast):
    row = missed(cast)
    kept = gone_into(cast, row.patient)
    assert list(missed_of(cast.clinic, at=timezone.now())) == [row]
    client = signed_in(cast.fred)
    assert kept.family_name in client.get(reverse("clinicians:missed")).content.decode()

    client.post(reverse("clinicians:again", args=[row.id]))

    assert Screening.objects.filter(patient=kept, status="INVITED").count() == 1
    assert not missed_of(cast.clinic, at=timezone.now()).exists()


def test_what_the_other_record_was_asked_since_counts_too(cast: Cast):
    kept = make_patient(cast.clinic, email=ADDRESS)
    merge(kept=kept, gone=make_patient(cast.clinic), by=cast.sue, at=NOW)
    row = asked(cast, kept).screening
    later = asked(cast).screening
    merge(kept=kept, gone=later.patient, by=cast.sue, at=NOW)
    Screening.objects.filter(id=row.id).update(
        status="EXPIRED", closed_at=timezone.now()
    )
    Screening.objects.filter(id=later.id).update(created_at=NOW + timedelta(days=1))
    assert not missed_of(cast.clinic, at=timezone.now()).exists()


def test_its_mail_that_failed_is_listed_and_tried_again(cast: Cast):
    made = asked(cast)
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    failed = PatientMail.objects.get(kind=PatientMail.Kind.INVITATION)
    PatientMail.objects.filter(id=failed.id).update(failed_at=NOW, next_at=None)
    kept = gone_into(cast, made.screening.patient)
    assert list(undelivered_of(cast.clinic)) == [failed]
    client = signed_in(cast.fred)
    page = client.get(reverse("clinicians:missed")).content.decode()
    again = reverse("clinicians:mail-again", args=[kept.id, failed.id])
    assert again in page
    assert "on its way again" in client.post(again, follow=True).content.decode()


def test_whoever_has_a_record_open_in_an_emergency_does_not_merge(cast: Cast):
    kept, gone = make_patient(cast.clinic), make_patient(cast.clinic)
    access = open_record(
        patient=kept, reason="He called and cannot be reached.", by=cast.ada, at=NOW
    )
    with pytest.raises(MergeRefused, match="open in an emergency"):
        merge(kept=kept, gone=gone, by=cast.ada, at=NOW)
    assert Patient.objects.filter(merged_into=kept).count() == 0
    end_access(access=access, by=cast.ada, at=NOW)
    merge(kept=kept, gone=gone, by=cast.ada, at=NOW)


def test_nothing_is_planned_for_a_record_merged_since_its_page_was_opened(cast: Cast):
    before = reachable(cast)
    gone_into(cast, Patient.objects.get(id=before.id))
    with pytest.raises(ScheduleRefused, match="not active"):
        started(cast, before)
    assert not Schedule.objects.exists()


def test_what_the_merged_record_was_asked_is_not_asked_twice(cast: Cast):
    made = asked(cast)
    kept = gone_into(cast, made.screening.patient)
    again = ask_once(
        patient=kept,
        battery=made.screening.battery,
        language="en",
        by=Actor.staff(cast.fred),
        at=NOW,
        mailed=False,
    )
    assert again.screening == made.screening
    assert Screening.objects.count() == 1
