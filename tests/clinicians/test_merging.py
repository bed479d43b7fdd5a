"""Two records made one: nothing moves, everything is read together, and it undoes."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinicians.actions import OpenCaseExists, reopen
from clinicians.actions.merging import mark_two_people, merge, unmerge
from clinicians.models import NotOnePerson, PatientMerge
from clinicians.presenters.patients import patient_view
from clinicians.presenters.queue import open_cases
from clinicians.workflow.records import MergeRefused
from core.models import Patient, same_person
from core.permissions import PermissionRefused
from screening.models import Episode, Flag
from tests.cast import NOW, Cast, make_episode, make_flag, make_patient, make_screening
from tests.clinicians.test_record_state import make_schedule


@pytest.fixture
def two(cast: Cast) -> tuple[Patient, Patient]:
    return make_patient(cast.clinic), make_patient(cast.clinic)


def flagged(patient: Patient) -> Episode:
    episode = make_episode(patient)
    make_flag(episode, make_screening(patient))
    return episode


def fresh(patient: Patient) -> Patient:
    return Patient.objects.get(id=patient.id)


def test_both_open_cases_stay_as_they_were(cast: Cast, two):
    kept, gone = two
    cases = [flagged(kept), flagged(gone)]
    before = list(Episode.objects.order_by("id").values())
    flags = list(Flag.objects.order_by("id").values_list("id", "episode_id"))

    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)

    assert list(Episode.objects.order_by("id").values()) == before
    assert list(Flag.objects.order_by("id").values_list("id", "episode_id")) == flags
    assert set(open_cases(cast.clinic)) == set(cases)


def test_a_closed_case_is_not_reopened_beside_the_open_one_of_the_other(
    cast: Cast, two
):
    kept, gone = two
    closed = make_episode(gone, status="CLOSED", closed_at=NOW)
    standing = flagged(kept)
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    with pytest.raises(OpenCaseExists) as refused:
        reopen(episode=closed, reason="Again", by=cast.sue, at=NOW)
    assert refused.value.case == standing


def test_schedules_go_along_and_come_back(cast: Cast, two):
    kept, gone = two
    schedule = make_schedule(gone)
    row = merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    schedule.refresh_from_db()
    assert (schedule.patient, schedule.ended_at) == (kept, None)
    unmerge(row=row, by=cast.sue, at=NOW)
    schedule.refresh_from_db()
    assert schedule.patient == gone


def test_nobody_is_asked_twice_by_two_schedules(cast: Cast, two):
    kept, gone = two
    stays, ends = make_schedule(kept), make_schedule(gone)
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    for row in (stays, ends):
        row.refresh_from_db()
    assert (stays.ended_at, ends.ended_at, ends.next_at) == (None, NOW, None)


def test_a_wish_not_to_be_reminded_on_either_record_holds(cast: Cast, two):
    kept, gone = two
    gone.wants_reminders = False
    gone.save()
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    assert fresh(kept).wants_reminders is False


def test_parting_gives_each_its_own_back(cast: Cast, two):
    kept, gone = two
    gone.status = "INACTIVE"
    gone.save()
    row = merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    freed = unmerge(row=row, by=cast.sue, at=NOW)
    assert (freed, freed.status, freed.merged_into) == (gone, "INACTIVE", None)
    assert patient_view(fresh(kept), cast.clinic, at=NOW).sittings == []
    with pytest.raises(MergeRefused, match="parted already"):
        unmerge(row=row, by=cast.sue, at=NOW)
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    assert PatientMerge.objects.filter(undone_at=None).count() == 1


def test_a_record_with_others_merged_into_it_takes_them_along_and_back(cast: Cast):
    a, b, c = (make_patient(cast.clinic) for _ in range(3))
    first = merge(kept=b, gone=a, by=cast.sue, at=NOW)
    second = merge(kept=c, gone=fresh(b), by=cast.sue, at=NOW)
    assert {row.id for row in same_person(a.id)} == {a.id, b.id, c.id}
    assert fresh(a).merged_into == c

    unmerge(row=second, by=cast.sue, at=NOW)
    assert fresh(a).merged_into == b
    assert {row.id for row in same_person(c.id)} == {c.id}

    second = merge(kept=c, gone=fresh(b), by=cast.sue, at=NOW)
    first.refresh_from_db()
    unmerge(row=first, by=cast.sue, at=NOW)
    assert {row.id for row in same_person(a.id)} == {a.id}
    assert {row.id for row in same_person(c.id)} == {b.id, c.id}


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 9)),
        max_size=6,
    )
)
def test_whatever_is_merged_and_parted_each_stays_one_step_from_what_stays(
    cast: Cast, steps
):
    """And once all is parted, every record is as it was."""
    with transaction.atomic():
        people = [make_patient(cast.clinic) for _ in range(5)]
        for step in steps:
            standing = list(PatientMerge.objects.filter(undone_at=None))
            try:
                if isinstance(step, tuple):
                    kept, gone = (fresh(people[number]) for number in step)
                    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
                elif step < len(standing):
                    unmerge(row=standing[step], by=cast.sue, at=NOW)
            except MergeRefused:
                pass
            links = dict(
                PatientMerge.objects.filter(undone_at=None).values_list(
                    "gone_id", "kept_id"
                )
            )
            for one in map(fresh, people):
                at = one.id
                while at in links:
                    at = links[at]
                assert (one.merged_into_id or one.id) == at
                assert (one.status == "MERGED") == (one.id in links)
        for row in PatientMerge.objects.filter(undone_at=None):
            unmerge(row=row, by=cast.sue, at=NOW)
        assert {(p.status, p.merged_into_id) for p in map(fresh, people)} == {
            ("ACTIVE", None)
        }
        transaction.set_rollback(True)


def test_what_cannot_be_merged_is_refused_with_a_sentence(cast: Cast, two):
    kept, gone = two
    with pytest.raises(MergeRefused, match="into itself"):
        merge(kept=kept, gone=kept, by=cast.sue, at=NOW)
    with pytest.raises(PermissionRefused, match="another clinic"):
        merge(kept=kept, gone=make_patient(cast.other_clinic), by=cast.sue, at=NOW)
    with pytest.raises(PermissionRefused, match="merge two records"):
        merge(kept=kept, gone=gone, by=cast.alice, at=NOW)
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    for one, other in ((gone, kept), (kept, gone)):
        with pytest.raises(MergeRefused, match="merged meanwhile"):
            merge(kept=one, gone=other, by=cast.sue, at=NOW)


def test_the_database_itself_keeps_merging_one_step_deep(cast: Cast, two):
    kept, gone = two
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    third, stranger = make_patient(cast.clinic), make_patient(cast.other_clinic)
    for goes, into in (
        (third, gone),
        (kept, third),
        (third, third),
        (third, stranger),
    ):
        rows = Patient.objects.filter(id=goes.id)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(status="MERGED", merged_into=into)


def test_two_people_are_remembered_once(cast: Cast, two):
    one, other = two
    mark_two_people(one=one, other=other, by=cast.sue, at=NOW)
    mark_two_people(one=other, other=one, by=cast.sue, at=NOW)
    assert NotOnePerson.objects.count() == 1
