"""A screening entered in error: kept whole, compared with nothing, flags untouched."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from core.audit import verify
from core.models import AuditEvent, Clinic, Role, User
from core.permissions import PermissionRefused
from screening import actions, engine
from screening.actions import Correction, Grounds, RetractRefused, amend, retract
from screening.actions.submitting import history
from screening.models import Answer, Flag, Retraction, Score, Screening
from screening.models.sitting import NoSuchSitting
from tests.cast import make_clinic, make_user
from tests.screening.conftest import NOW, Walk

WHY = Grounds(reason="other-person", label="Somebody else gave these answers")
LATER = NOW + timedelta(days=40)


@pytest.fixture
def staff(clinic: Clinic) -> User:
    return make_user(clinic, Role.CLINICIAN)


def submitted(walk: Walk, value: int, **special: int) -> Walk:
    walk.answer_all(value, **special)
    walk.submit()
    return walk


def test_everything_stays_and_the_row_says_who_and_why(walking, staff):
    submitted(walking, 1)
    before = Answer.objects.count(), Score.objects.count(), walking.flags()
    retract(screening_id=walking.screening.id, grounds=WHY, by=staff, at=LATER)
    assert (Answer.objects.count(), Score.objects.count(), walking.flags()) == before
    row = Retraction.objects.get()
    assert (row.by, row.at, row.reason) == (staff, LATER, "other-person")
    walking.screening.refresh_from_db()
    assert walking.screening.retracted_at == LATER
    line = AuditEvent.objects.get(kind="SCREENING_RETRACTED")
    assert line.detail == {"reason": "other-person"}
    assert not verify(f"screening:{walking.screening.id}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Retraction.objects.update(reason="twice")


def test_no_case_is_closed_or_lowered_by_it(walking, staff):
    submitted(walking, 1)
    case = walking.episode()
    retract(screening_id=walking.screening.id, grounds=WHY, by=staff, at=LATER)
    after = walking.episode()
    assert (after.status, after.tier, after.due_at) == (
        case.status,
        case.tier,
        case.due_at,
    )


def test_later_scores_are_compared_without_it(walk, staff):
    """0, then by error 16, then 8: only without the 16 is the 8 a worsening."""
    first, wrong, last = walk(), walk(), walk()
    wrong.at, last.at = NOW + timedelta(days=14), NOW + timedelta(days=28)
    submitted(first, 0, death_or_self_harm=0)
    submitted(wrong, 2, death_or_self_harm=0)
    submitted(last, 1, death_or_self_harm=0)
    assert "worsening-last" not in last.flags()
    retract(screening_id=wrong.screening.id, grounds=WHY, by=staff, at=LATER)
    assert "worsening-last" in last.flags()
    assert [one.total for one in history(last.screening, "phq-9")] == [0, 8]


def test_new_submit_is_not_compared_with_it(walk, staff):
    wrong = submitted(walk(), 0, death_or_self_harm=0)
    retract(screening_id=wrong.screening.id, grounds=WHY, by=staff, at=LATER)
    later = walk()
    later.at = LATER
    submitted(later, 3, death_or_self_harm=0)
    assert "worsening-last" not in later.flags()


def test_stopped_one_too_and_its_flags_stay(walking, staff):
    walking.tap("/44260-8", 1)
    engine.withdraw(walking.screening, at=walking.at)
    retract(screening_id=walking.screening.id, grounds=WHY, by=staff, at=LATER)
    assert Flag.objects.count() == 2


def test_once_and_only_what_is_over(walking, staff, clinic):
    ask = {"screening_id": walking.screening.id, "grounds": WHY, "at": LATER}
    with pytest.raises(RetractRefused, match="Revoke its link"):
        retract(by=staff, **ask)
    submitted(walking, 1)
    with pytest.raises(NoSuchSitting):
        retract(by=make_user(make_clinic(), Role.CLINICIAN), **ask)
    with pytest.raises(PermissionRefused):
        retract(by=make_user(clinic, Role.ADMINISTRATOR), **ask)
    retract(by=staff, **ask)
    with pytest.raises(RetractRefused, match="already"):
        retract(by=staff, **ask)
    put = Correction(
        position=0, link_id="/44260-8", value=0, reason="No", seen_version=1
    )
    with pytest.raises(actions.AmendRefused):
        amend(screening_id=walking.screening.id, correction=put, by=staff, at=LATER)


def test_link_of_an_expired_one_does_not_begin_anew(invite, staff):
    made = invite()
    screening = actions.open_invitation(
        invitation_id=made.invitation.id, given="1990-01-15", at=NOW
    )
    assert screening is not None
    actions.confirm_age(screening=screening, adult=True, at=NOW)
    actions.give_consent(screening=screening, version="1", ai_help=False, at=NOW)
    screening.refresh_from_db()
    walk = Walk(screening)
    walk.tap("/44250-9", 1)
    day = NOW + timedelta(days=4)
    actions.expire_overdue(at=day)
    assert actions.get_invitation(made.invitation.id, at=day)
    retract(screening_id=screening.id, grounds=WHY, by=staff, at=day)
    assert actions.get_invitation(made.invitation.id, at=day) is None


def test_choice_about_a_models_help_says_when(walking):
    actions.choose_ai_help(screening=walking.screening, wanted=True, at=LATER)
    walking.screening.refresh_from_db()
    assert walking.screening.ai_chosen_at == LATER


def test_choices_from_before_the_column_are_taken_over(walking):
    """The newest of each; one that is newer than the log is left as it is."""
    for hours in (1, 3, 2):
        at = NOW + timedelta(hours=hours)
        actions.choose_ai_help(screening=walking.screening, wanted=True, at=at)
    module = import_module("screening.migrations.0013_retract_choices")
    rows = Screening.objects.filter(id=walking.screening.id)
    for stored, wanted in ((None, 3), (1, 3), (9, 9)):
        before = None if stored is None else NOW + timedelta(hours=stored)
        rows.update(ai_chosen_at=before)
        module.take_over(apps, None)
        assert rows.get().ai_chosen_at == NOW + timedelta(hours=wanted)
