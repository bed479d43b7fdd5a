"""Acting on several cases at once: what never is, all or none, and a real undo."""

from datetime import timedelta
from typing import Any

import pytest

from clinicians import tasks
from clinicians.actions import CaseChanged, claim, note, reopen
from clinicians.actions.bulk import act_on_several, undo
from clinicians.definitions import asq_policy, queue_policy, review_policy
from clinicians.models import BulkAct, Notice
from clinicians.workflow import MoveRefused, Part, Status
from clinicians.workflow.bulk import BulkKind, BulkRefused, can_bulk
from core.models import AuditEvent
from core.permissions import PermissionRefused
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import (
    NOW,
    Cast,
    make_episode,
    make_flag,
    make_patient,
    make_screening,
)
from tests.clinicians.watching import at, told

SOON = NOW + timedelta(seconds=10)
WHOLE = [f.name for f in Episode._meta.concrete_fields if f.name != "version"]


def routine(cast: Cast, tier: Tier = Tier.ROUTINE) -> Episode:
    """A case of a score at the cut, and of nothing else."""
    due = {"due_at": NOW + timedelta(days=1), "next_notice_at": NOW}
    episode = make_episode(make_patient(cast.clinic), tier=tier, **due)
    make_flag(episode, make_screening(episode.patient), rule="phq-9-cut")
    return episode


def act(kind: BulkKind, *cases: Episode, by, when=NOW) -> BulkAct:
    for case in cases:
        case.refresh_from_db()
    seen = {case.id: case.version for case in cases}
    return several(kind, seen, by=by, when=when)


def several(kind: BulkKind, seen, *, by, when=NOW) -> BulkAct:
    """In the clinic of whoever acts."""
    return act_on_several(kind=kind, clinic=by.clinic, seen=seen, by=by, at=when)


def stand(case: Episode) -> dict[str, Any]:
    case.refresh_from_db()
    return {name: getattr(case, name) for name in WHOLE}


def test_several_are_claimed_each_on_record(cast: Cast):
    cases = [routine(cast), routine(cast)]
    act(BulkKind.CLAIM, *cases, by=cast.alice)
    for case in cases:
        case.refresh_from_db()
        assert (case.status, case.owner) == (Status.ACKNOWLEDGED, cast.alice)
        assert case.events.filter(kind="ACKNOWLEDGED", by=cast.alice).count() == 1
    assert AuditEvent.objects.filter(kind="CASE_ACKNOWLEDGED").count() == 2


def test_several_are_closed_as_reviewed_each_on_record(cast: Cast):
    cases = [routine(cast), routine(cast)]
    act(BulkKind.CLAIM, *cases, by=cast.alice)
    act(BulkKind.CLOSE, *cases, by=cast.alice)
    for case in cases:
        case.refresh_from_db()
        assert (case.status, case.disposition) == (Status.CLOSED, "reviewed")
    assert AuditEvent.objects.filter(kind="CASE_CLOSED").count() == 2


@pytest.mark.parametrize("rule", sorted(asq_policy().after))
@pytest.mark.parametrize("kind", list(BulkKind))
def test_case_flagged_for_self_harm_is_never_one_of_several(cast: Cast, kind, rule):
    case = routine(cast)
    make_flag(case, make_screening(case.patient), rule=rule)
    with pytest.raises(BulkRefused, match="self-harm"):
        act(kind, case, by=cast.alice)
    case.refresh_from_db()
    assert case.status == Status.OPEN


@pytest.mark.parametrize("kind", list(BulkKind))
def test_urgent_case_is_never_one_of_several(cast: Cast, kind):
    case = routine(cast, Tier.URGENT)
    with pytest.raises(BulkRefused, match="urgent"):
        act(kind, case, by=cast.alice)


def test_item_nine_alone_is_enough_whatever_the_tier():
    def may(tier: Tier, rule: str) -> bool:
        return can_bulk(
            BulkKind.CLAIM,
            tier=tier,
            rules={rule},
            alone=asq_policy().after,
            status=Status.OPEN,
            part=Part.MEMBER,
        )

    assert may(Tier.ROUTINE, "phq-9-cut")
    assert not may(Tier.ROUTINE, "item-9")
    assert not may(Tier.URGENT, "phq-9-cut")


def test_all_or_none(cast: Cast):
    mine, taken = routine(cast), routine(cast)
    seen = {mine.id: mine.version, taken.id: taken.version}
    claim(episode=taken, by=cast.bob, at=NOW)
    with pytest.raises(MoveRefused):
        several(BulkKind.CLAIM, seen, by=cast.alice)
    mine.refresh_from_db()
    assert mine.status == Status.OPEN
    assert not BulkAct.objects.exists()


def test_case_that_changed_meanwhile_is_not_acted_on(cast: Cast):
    case = routine(cast)
    with pytest.raises(CaseChanged):
        several(BulkKind.CLAIM, {case.id: 7}, by=cast.alice)


def test_colleagues_case_is_not_closed(cast: Cast):
    case = claim(episode=routine(cast), by=cast.bob, at=NOW)
    with pytest.raises(BulkRefused, match="not yours"):
        act(BulkKind.CLOSE, case, by=cast.sue)


def test_higher_tier_needs_a_disposition_of_its_own(cast: Cast):
    case = routine(cast, Tier.HIGH)
    act(BulkKind.CLAIM, case, by=cast.alice)
    with pytest.raises(ValueError, match="how this case ended"):
        act(BulkKind.CLOSE, case, by=cast.alice)


@pytest.mark.parametrize("number", [0, 26])
def test_none_and_too_many_are_refused(cast: Cast, number):
    seen = {routine(cast).id: 0 for _ in range(number)}
    with pytest.raises(BulkRefused, match="1 to 25"):
        several(BulkKind.CLAIM, seen, by=cast.alice)


def test_another_clinic_and_another_role_are_refused(cast: Cast):
    case = routine(cast)
    with pytest.raises(CaseChanged):
        act(BulkKind.CLAIM, case, by=cast.charlie)
    with pytest.raises(PermissionRefused):
        act_on_several(
            kind=BulkKind.CLAIM,
            clinic=cast.clinic,
            seen={case.id: case.version},
            by=cast.charlie,
            at=NOW,
        )
    with pytest.raises(PermissionRefused):
        act(BulkKind.CLAIM, case, by=cast.ada)


def test_claim_is_undone_and_its_notices_are_owed_again(cast: Cast, monkeypatch):
    case = routine(cast)
    with monkeypatch.context() as broken:
        broken.setattr("clinicians.tasks.send_due", lambda *_a, **_k: False)
        tasks.tick(at(NOW))
    before = stand(case)
    done = act(BulkKind.CLAIM, case, by=cast.alice)
    assert Notice.objects.get().next_at is None

    assert undo(act=done, by=cast.alice, at=SOON) == (1, 0)
    assert stand(case) == before
    assert case.events.filter(kind="UNDONE", by=cast.alice, code="CLAIM").count() == 1
    assert AuditEvent.objects.filter(kind="CASE_UNDONE").count() == 1
    tasks.tick(at(SOON))
    assert told() == ["team@clinic.example"]


@pytest.mark.parametrize("worked", [False, True])
def test_closing_is_undone(cast: Cast, worked):
    case = claim(episode=routine(cast), by=cast.alice, at=NOW)
    if worked:
        note(episode=case, text="Rang.", by=cast.alice, at=NOW)
    before = stand(case)
    done = act(BulkKind.CLOSE, case, by=cast.alice)
    assert undo(act=done, by=cast.alice, at=SOON) == (1, 0)
    assert stand(case) == before


def test_what_was_touched_since_is_left_as_it_is(cast: Cast):
    first, second = routine(cast), routine(cast)
    done = act(BulkKind.CLAIM, first, second, by=cast.alice)
    note(episode=first, text="Rang.", by=cast.alice, at=NOW)
    assert undo(act=done, by=cast.alice, at=SOON) == (1, 1)
    for case in (first, second):
        case.refresh_from_db()
    assert (first.status, second.status) == (Status.IN_PROGRESS, Status.OPEN)


def test_closing_is_not_undone_beside_a_new_case(cast: Cast):
    case = claim(episode=routine(cast), by=cast.alice, at=NOW)
    done = act(BulkKind.CLOSE, case, by=cast.alice)
    Episode.objects.create(
        clinic=cast.clinic,
        patient=case.patient,
        tier="HIGH",
        tier_rank=1,
        opened_at=NOW,
        due_at=NOW,
        last_flag_at=NOW,
    )
    assert undo(act=done, by=cast.alice, at=SOON) == (0, 1)


def test_reopened_case_is_not_undone(cast: Cast):
    case = claim(episode=routine(cast), by=cast.alice, at=NOW)
    done = act(BulkKind.CLOSE, case, by=cast.alice)
    reopen(episode=case, reason="Too soon.", by=cast.sue, at=NOW)
    assert undo(act=done, by=cast.alice, at=SOON) == (0, 1)


def test_undo_has_its_time_and_its_person(cast: Cast):
    case = routine(cast)
    done = act(BulkKind.CLAIM, case, by=cast.alice)
    with pytest.raises(BulkRefused, match="Only who did this"):
        undo(act=done, by=cast.bob, at=SOON)
    late = NOW + timedelta(seconds=queue_policy().undo_seconds + 1)
    with pytest.raises(BulkRefused, match="too late"):
        undo(act=done, by=cast.alice, at=late)
    undo(act=done, by=cast.alice, at=SOON)
    with pytest.raises(BulkRefused, match="already"):
        undo(act=done, by=cast.alice, at=SOON)


def test_undo_lasts_ten_seconds_at_least_and_its_disposition_is_known():
    assert queue_policy().undo_seconds >= 10
    chosen = review_policy().disposition(queue_policy().bulk_disposition)
    assert not chosen.needs_note
    assert Tier.URGENT not in chosen.tiers
