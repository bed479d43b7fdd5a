"""Away: the cover is told and may take over; somebody always is."""

from datetime import timedelta

import pytest

from clinicians import tasks
from clinicians.actions import AbsenceRefused, call_off, claim, go_away, hand_over
from clinicians.actions.absences import stand_in
from clinicians.models import Absence
from clinicians.workflow import Status
from core.models import AuditEvent
from core.permissions import PermissionRefused
from tests.cast import NOW, Cast
from tests.clinicians.watching import STEP, at, told

DAY = timedelta(days=1)


def away(cast: Cast, who="alice", cover="bob", *, by="", start=NOW, end=NOW + DAY):
    user = getattr(cast, who)
    return go_away(
        user=user,
        cover=getattr(cast, cover),
        starts_at=start,
        ends_at=end,
        by=getattr(cast, by) if by else user,
        at=NOW,
    )


def test_notice_to_an_owner_who_is_away_goes_to_the_cover(cast: Cast):
    claim(episode=cast.flagged(due_at=NOW + DAY), by=cast.alice, at=NOW)
    away(cast)
    tasks.tick(at(NOW + timedelta(minutes=60)))
    assert told() == [cast.bob.email]
    tasks.tick(at(NOW + timedelta(minutes=60) + STEP))
    assert told()[-1] == "team@clinic.example"


def test_owner_who_is_back_is_told_again(cast: Cast):
    away(cast, end=NOW + timedelta(minutes=30))
    claim(episode=cast.flagged(due_at=NOW + DAY), by=cast.alice, at=NOW)
    tasks.tick(at(NOW + timedelta(minutes=60)))
    assert told() == [cast.alice.email]


def test_cover_takes_a_case_over_meanwhile(cast: Cast):
    episode = claim(episode=cast.flagged(due_at=NOW + DAY), by=cast.alice, at=NOW)
    away(cast)
    row = hand_over(episode=episode, to=cast.bob, reason="", by=cast.bob, at=NOW)
    assert (row.status, row.owner) == (Status.ACKNOWLEDGED, cast.bob)


def test_cover_who_left_is_passed_over(cast: Cast):
    away(cast)
    cast.bob.is_active = False
    cast.bob.save()
    assert stand_in(cast.alice, at=NOW) == cast.alice


def test_somebody_who_left_is_nobody(cast: Cast):
    cast.alice.is_active = False
    cast.alice.save()
    assert stand_in(cast.alice, at=NOW) is None


def test_covers_that_lead_in_a_circle_end_with_the_owner(cast: Cast):
    times = {"starts_at": NOW, "ends_at": NOW + DAY, "created_at": NOW}
    for user, cover in ((cast.alice, cast.bob), (cast.bob, cast.alice)):
        Absence.objects.create(clinic=cast.clinic, user=user, cover=cover, **times)
    assert stand_in(cast.alice, at=NOW) == cast.alice


@pytest.mark.parametrize("cover", ["ada", "fred", "charlie", "alice"])
def test_cover_is_a_colleague_who_reviews(cast: Cast, cover):
    with pytest.raises(AbsenceRefused):
        away(cast, cover=cover)


def test_cover_who_is_away_too_is_refused(cast: Cast):
    away(cast, who="bob", cover="sue")
    with pytest.raises(AbsenceRefused, match="Bob Stone is away in this time too"):
        away(cast)


def test_cover_cannot_go_away_until_there_is_another(cast: Cast):
    away(cast)
    with pytest.raises(AbsenceRefused, match="Bob Stone covers for Alice Moore"):
        away(cast, who="bob", cover="sue")


def test_same_time_twice_is_refused(cast: Cast):
    away(cast)
    with pytest.raises(AbsenceRefused, match="already"):
        away(cast, cover="sue")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (NOW + DAY, NOW, "before it begins"),
        (NOW - DAY, NOW - timedelta(hours=1), "over already"),
    ],
)
def test_times_that_cannot_be_are_refused(cast: Cast, start, end, said):
    with pytest.raises(AbsenceRefused, match=said):
        away(cast, start=start, end=end)


def test_supervisor_says_it_of_others_and_a_colleague_does_not(cast: Cast):
    with pytest.raises(PermissionRefused):
        away(cast, cover="sue", by="bob")
    away(cast, by="sue")
    assert AuditEvent.objects.get(kind="ABSENCE_SET").actor_id == str(cast.sue.id)


def test_absence_called_off_counts_no_more(cast: Cast):
    row = away(cast)
    for _ in range(2):
        call_off(absence=row, by=cast.alice, at=NOW)
    assert stand_in(cast.alice, at=NOW) == cast.alice
    assert AuditEvent.objects.filter(kind="ABSENCE_CALLED_OFF").count() == 1


def test_stranger_calls_nothing_off(cast: Cast):
    with pytest.raises(PermissionRefused):
        call_off(absence=away(cast), by=cast.bob, at=NOW)
