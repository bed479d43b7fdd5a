"""Inviting, opening, re-inviting, revoking, beginning again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import audit, crypto
from core.audit import Actor
from core.models import Patient
from screening import actions, engine
from screening.actions import Invited
from screening.models import Invitation, Screening
from screening.models.sitting import NoSuchSitting
from tests.screening.conftest import BORN, NOW, Walk

BY = Actor.system("test")


def reopen(invited: Invited, *, given: str = BORN, hours: int = 0) -> Screening | None:
    return actions.open_invitation(
        invitation_id=invited.invitation.id,
        given=given,
        at=NOW + timedelta(hours=hours),
    )


def test_only_the_hash_of_a_token_is_kept(invite: Callable[..., Invited]) -> None:
    invited = invite()
    row = Invitation.objects.get()
    assert row.token_hash == crypto.hash_token(invited.token)
    assert invited.token not in str(row.__dict__)
    assert len(invited.token) >= 43


def test_link_leads_to_its_invitation(invite: Callable[..., Invited]) -> None:
    invited = invite()
    found = actions.find_invitation(invited.token, at=NOW)
    assert found == invited.invitation
    assert actions.find_invitation("unknown", at=NOW) is None


def test_code_replaces_the_birth_date(invite: Callable[..., Invited]) -> None:
    invited = invite(code="4711-abc")
    assert reopen(invited) is None
    assert reopen(invited, given=" 4711-abc ") is not None


def test_patient_without_birth_date_cannot_be_matched(
    invite: Callable[..., Invited], patient: Patient
) -> None:
    patient.birth_date = ""
    patient.save()
    assert reopen(invite(), given="") is None


def test_fifth_failure_locks_the_link_not_the_person(
    invite: Callable[..., Invited],
) -> None:
    invited = invite()
    for _ in range(Invitation.MAX_TRIES):
        assert reopen(invited, given="1991-01-15") is None
    assert reopen(invited) is None
    fresh = actions.reinvite(screening=invited.screening, by=BY, at=NOW)
    assert reopen(fresh) is not None


def test_success_forgets_earlier_failures(invite: Callable[..., Invited]) -> None:
    invited = invite()
    reopen(invited, given="1991-01-15")
    reopen(invited)
    assert Invitation.objects.get().tries == 0


def test_link_works_again_until_submit(walk: Callable[..., Walk]) -> None:
    walking = walk()
    invitation = Invitation.objects.get()
    walking.tap("/44250-9", 1)
    again = actions.open_invitation(
        invitation_id=invitation.id, given=BORN, at=walking.at
    )
    assert again == walking.screening
    walking.screening.refresh_from_db()
    walking.answer_all()
    walking.submit()
    assert actions.get_invitation(invitation.id, at=walking.at) is None


def test_reinviting_stops_the_earlier_link(invite: Callable[..., Invited]) -> None:
    first = invite()
    second = actions.reinvite(screening=first.screening, by=BY, at=NOW)
    assert actions.find_invitation(first.token, at=NOW) is None
    assert actions.find_invitation(second.token, at=NOW) is not None


def test_revoking_ends_link_and_session(walk: Callable[..., Walk]) -> None:
    walking = walk()
    actions.revoke_invitation(invitation=Invitation.objects.get(), by=BY, at=walking.at)
    assert actions.get_invitation(Invitation.objects.get().id, at=NOW) is None
    with pytest.raises(NoSuchSitting):
        walking.tap("/44250-9", 1)


def test_expired_link_leads_nowhere(invite: Callable[..., Invited]) -> None:
    invited = invite()
    late = invited.invitation.expires_at
    assert actions.find_invitation(invited.token, at=late) is None
    assert actions.find_invitation(invited.token, at=late - timedelta(seconds=1))


@pytest.mark.parametrize("status", ["INACTIVE", "DECEASED"])
def test_patient_who_left_is_not_invited(
    invite: Callable[..., Invited], patient: Patient, status: str
) -> None:
    patient.status = status
    patient.save()
    with pytest.raises(actions.InvitationRefused, match="not active"):
        invite()


@pytest.mark.parametrize(
    ("battery", "language", "error"),
    [
        ([], "en", actions.InvitationRefused),
        (["asq"], "en", actions.InvitationRefused),
        (["phq-99"], "en", actions.NotAvailable),
        (["phq-2"], "es-US", actions.NotAvailable),
    ],
)
def test_battery_that_cannot_be_asked_is_refused(
    invite: Callable[..., Invited],
    battery: list[str],
    language: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        invite(battery=battery, language=language)
    assert not Screening.objects.exists()


def test_stale_screening_begins_again_behind_the_same_link(
    walk: Callable[..., Walk],
) -> None:
    walking = walk()
    walking.tap("/44250-9", 2)
    late = walking.at + timedelta(hours=72)
    assert actions.expire_overdue(at=late) == 1
    invitation = Invitation.objects.get()
    fresh = actions.open_invitation(invitation_id=invitation.id, given=BORN, at=late)
    assert fresh is not None
    assert fresh != walking.screening
    assert fresh.status == Screening.Status.INVITED


def test_submit_after_the_window_is_closed_not_scored(walking: Walk) -> None:
    walking.answer_all(1)
    walking.at += timedelta(hours=80)
    taken = engine.submit(walking.claim, at=walking.at)
    assert taken.outcome.to == "expired"
    walking.screening.refresh_from_db()
    assert walking.screening.status == Screening.Status.EXPIRED


def test_every_step_is_in_the_screenings_audit_chain(walk: Callable[..., Walk]) -> None:
    walking = walk()
    chain = f"screening:{walking.screening.id}"
    assert audit.verify(chain) == []
    walking.screening.refresh_from_db()
    assert walking.screening.audit_seq >= 5
