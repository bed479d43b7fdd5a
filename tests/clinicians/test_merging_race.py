"""Two at once: records are merged once, never in a circle, and no link slips past."""

import pytest

from clinicians.actions.merging import merge
from clinicians.actions.records import set_state
from clinicians.models import PatientMerge
from clinicians.workflow.records import MergeRefused, RecordState
from core.audit import Actor
from core.models import Patient
from screening.actions import InvitationRefused, invite
from screening.models import Invitation
from tests.cast import NOW, make_cast, make_patient
from tests.clinicians.test_race import together

pytestmark = pytest.mark.django_db(transaction=True)


def refused(run, kind):
    """Run it; a refusal is a result here, not an error."""

    def guarded():
        try:
            return run()
        except kind as error:
            return error

    return guarded


def test_of_two_merges_at_once_one_wins_whichever_way_round():
    cast = make_cast()
    for turned in (False, True):
        one, other = make_patient(cast.clinic), make_patient(cast.clinic)
        pairs = [(one, other), (other, one) if turned else (one, other)]
        results = together(
            *(
                refused(
                    lambda kept=kept, gone=gone: merge(
                        kept=kept, gone=gone, by=cast.sue, at=NOW
                    ),
                    MergeRefused,
                )
                for kept, gone in pairs
            )
        )
        assert sorted(isinstance(r, MergeRefused) for r in results) == [False, True]
        merged = Patient.objects.filter(id__in=[one.id, other.id], status="MERGED")
        assert merged.count() == 1
    assert PatientMerge.objects.count() == 2


def test_three_records_merged_in_a_circle_at_once_leave_one_that_stays():
    cast = make_cast()
    a, b, c = (make_patient(cast.clinic) for _ in range(3))
    together(
        *(
            refused(
                lambda kept=kept, gone=gone: merge(
                    kept=kept, gone=gone, by=cast.sue, at=NOW
                ),
                MergeRefused,
            )
            for kept, gone in ((b, a), (c, b), (a, c))
        )
    )
    rows = {row.id: row for row in Patient.objects.all()}
    assert any(row.merged_into_id is None for row in rows.values())
    for row in rows.values():
        if row.merged_into_id:
            assert rows[row.merged_into_id].merged_into_id is None


def test_a_link_made_at_the_moment_a_record_is_set_inactive_does_not_work():
    cast = make_cast()
    patient = make_patient(cast.clinic)
    together(
        refused(
            lambda: invite(
                patient=patient,
                battery=["phq-9"],
                language="en",
                by=Actor.staff(cast.fred),
                at=NOW,
            ),
            InvitationRefused,
        ),
        lambda: set_state(
            patient=Patient.objects.get(id=patient.id),
            state=RecordState.INACTIVE,
            reason="other",
            by=cast.sue,
            at=NOW,
        ),
    )
    assert not Invitation.objects.filter(revoked_at=None).exists()
