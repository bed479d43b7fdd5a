"""An answer that counts in two forms is put right in both, or in neither."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.audit import verify
from core.models import AuditEvent, Clinic, Role, User
from screening.actions import AmendedByOther, AmendRefused, Correction, amend
from screening.models import Amendment, Answer, PastScore, Score
from tests.cast import make_user
from tests.screening.conftest import ITEM_9, NOW, Walk

ITEM_1, ITEM_2, ITEM_3 = "/44250-9", "/44255-8", "/44259-0"
LATER = NOW + timedelta(hours=2)
SHORT, LONG = 0, 1


@pytest.fixture
def staff(clinic: Clinic) -> User:
    return make_user(clinic, Role.CLINICIAN)


@pytest.fixture
def begin(clinic: Clinic, walk: Callable[..., Walk]) -> Callable[[int], Walk]:
    """A PHQ-2 at a clinic where it leads on, answered alike and submitted."""
    Clinic.objects.update(step_up=True)
    clinic.refresh_from_db()

    def answered(each: int) -> Walk:
        walking = walk(battery=["phq-2"])
        walking.answer_all(each, death_or_self_harm=0)
        walking.submit()
        return walking

    return answered


def put_right(walk: Walk, by: User, part: int, link_id=ITEM_1, value=0, version=1):
    correction = Correction(
        position=part,
        link_id=link_id,
        value=value,
        reason="Meant the week before.",
        seen_version=version,
    )
    return amend(screening_id=walk.screening.id, correction=correction, by=by, at=LATER)


def totals(walk: Walk) -> list[tuple[int, int]]:
    rows = Score.objects.filter(administration__screening=walk.screening)
    found = rows.order_by("administration__position")
    return [(int(one.total), one.version) for one in found if one.total is not None]


@pytest.mark.parametrize("part", [SHORT, LONG])
def test_either_way_both_change_with_every_flag_kept(begin, staff, part: int):
    walking = begin(2)
    assert totals(walking) == [(4, 1), (16, 1)]
    raised = walking.flags()
    returned = put_right(walking, staff, part)
    assert returned.administration.position == part
    assert totals(walking) == [(2, 2), (14, 2)]
    latest = Answer.objects.filter(link_id=ITEM_1, origin="STAFF")
    assert sorted(latest.values_list("administration__position", "value")) == [
        (SHORT, 0),
        (LONG, 0),
    ]
    replaced = Amendment.objects.values_list("replaced__origin", "reason")
    # The reason is sealed row by row, so it is read and not compared in the database.
    assert sorted(origin for origin, _ in replaced) == ["KEPT", "TAPPED"]
    assert {one.reason for one in Amendment.objects.all()} == {"Meant the week before."}
    assert PastScore.objects.count() == 2
    assert walking.flags() == raised
    lines = AuditEvent.objects.filter(kind="AMENDED")
    assert sorted(line.detail["instrument"] for line in lines) == ["phq-2", "phq-9"]
    assert not verify(f"screening:{walking.screening.id}")


def test_what_it_raises_is_raised_of_both_scores(begin, staff):
    walking = begin(1)
    assert "phq-9-cut" not in walking.flags()
    put_right(walking, staff, SHORT, value=3)
    assert totals(walking) == [(4, 2), (10, 2)]
    assert "phq-9-cut" in walking.flags()


def test_who_looked_at_the_other_form_is_told(begin, staff):
    walking = begin(2)
    put_right(walking, staff, SHORT)
    with pytest.raises(AmendedByOther):
        put_right(walking, staff, LONG, ITEM_2)
    put_right(walking, staff, LONG, ITEM_2, value=1, version=2)
    assert totals(walking) == [(1, 3), (13, 3)]


def test_what_only_the_longer_form_asks_changes_it_alone(begin, staff):
    walking = begin(2)
    put_right(walking, staff, LONG, ITEM_3)
    assert totals(walking) == [(4, 1), (14, 2)]


def test_copy_that_says_so_already_is_left(begin, staff):
    """As of an answer that was put right in one form, before both went together."""
    walking = begin(2)
    long = walking.sitting().administration(LONG)
    Answer.objects.create(
        screening=walking.screening,
        administration=long,
        seq=99,
        link_id=ITEM_1,
        value=0,
        origin="STAFF",
        at=NOW,
    )
    put_right(walking, staff, SHORT)
    assert totals(walking) == [(2, 2), (16, 1)]


def test_form_that_did_not_follow_says_where_the_answer_is_put_right(begin, staff):
    walking = begin(0)
    with pytest.raises(AmendRefused, match="in the short form, where it was given"):
        put_right(walking, staff, LONG, value=1)
    put_right(walking, staff, SHORT, value=3)
    assert "phq-2-positive" in walking.flags()
    # Nothing but item 9 was asked of the longer one, and that can still be put right.
    put_right(walking, staff, LONG, ITEM_9, value=1)
    assert "item-9" in walking.flags()


def test_both_or_neither(begin, staff, monkeypatch: pytest.MonkeyPatch):
    walking = begin(2)
    real = Amendment.objects.create

    def second_fails(**given):
        if given["administration"].position == LONG:
            raise RuntimeError("the process ends here")
        return real(**given)

    monkeypatch.setattr(
        "screening.actions.amending.Amendment.objects.create", second_fails
    )
    with pytest.raises(RuntimeError):
        put_right(walking, staff, SHORT)
    assert totals(walking) == [(4, 1), (16, 1)]
    assert not Answer.objects.filter(origin="STAFF").exists()
