"""An answer put right: a new score, every old one kept, no flag removed."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core.audit import Actor, verify
from core.models import AuditEvent, Clinic, Role, User
from core.permissions import PermissionRefused
from screening import actions
from screening.actions import AmendedByOther, AmendRefused, Correction, amend
from screening.actions.recording import record_answers
from screening.domain.scoring import AnswerRefused
from screening.models import Amendment, Answer, Episode, Flag, PastScore, Score
from screening.models.sitting import NoSuchSitting
from tests.cast import make_clinic, make_user
from tests.screening.conftest import ITEM_9, NOW, Walk

FIRST = "/44250-9"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def staff(clinic: Clinic) -> User:
    return make_user(clinic, Role.CLINICIAN)


@pytest.fixture
def submitted(walking: Walk) -> Walk:
    walking.answer_all(1, death_or_self_harm=0)
    walking.submit()
    return walking


def put_right(walk: Walk, by: User, link_id: str = ITEM_9, value=1, **more) -> Score:
    given = {
        "position": 0,
        "link_id": link_id,
        "value": value,
        "reason": "Misread on the page.",
        "seen_version": 1,
        **more,
    }
    return amend(
        screening_id=walk.screening.id, correction=Correction(**given), by=by, at=LATER
    )


def phq_9(walk: Walk) -> Score:
    return Score.objects.get(
        administration__screening=walk.screening, instrument_id="phq-9"
    )


def test_item_9_put_up_is_urgent_at_once(submitted, staff):
    assert not Episode.objects.exists()
    put_right(submitted, staff)
    assert submitted.episode().tier == "URGENT"
    assert submitted.flags() == ["item-9"]


def test_the_old_answer_and_score_stay(submitted, staff):
    put_right(submitted, staff)
    answers = Answer.objects.filter(link_id=ITEM_9).order_by("seq")
    old, new = list(answers)[-2:]
    assert (old.value, old.origin) == (0, "TAPPED")
    assert (new.value, new.origin) == (1, "STAFF")
    amendment = Amendment.objects.get()
    assert (amendment.replaced, amendment.answer, amendment.by) == (old, new, staff)
    assert amendment.reason == "Misread on the page."
    past, score = PastScore.objects.get(), phq_9(submitted)
    assert (past.version, past.total) == (1, Decimal(8))
    assert (score.version, score.total) == (2, Decimal(9))
    assert score.amended_at == LATER
    assert score.at == past.scored_at


def test_it_is_on_the_audit_log(submitted, staff):
    put_right(submitted, staff)
    line = AuditEvent.objects.get(kind="AMENDED")
    assert (line.actor_kind, line.actor_id) == ("STAFF", str(staff.id))
    assert "Misread" not in str(line.detail)
    assert not verify(f"screening:{submitted.screening.id}")


def test_no_flag_is_removed_and_no_tier_lowered(walking: Walk, staff):
    walking.answer_all(3)
    walking.submit()
    before = walking.flags()
    put_right(walking, staff, value=0)
    assert walking.flags() == before
    assert walking.episode().tier == "URGENT"


def test_a_new_score_raises_what_it_reaches(submitted, staff):
    put_right(submitted, staff, FIRST, 3)
    assert submitted.flags() == ["phq-9-cut"]


def test_declined_may_be_what_was_meant(submitted, staff):
    score = put_right(submitted, staff, FIRST, None)
    assert (score.total, score.complete) == (None, False)
    assert put_right(submitted, staff, value=None, seen_version=2).version == 3
    assert submitted.flags() == ["item-9-declined"]


def test_worsening_is_measured_against_what_was_before(submitted, staff, walk):
    later = walk()
    later.at = NOW + timedelta(hours=1)
    later.answer_all(0)
    later.submit()
    put_right(submitted, staff, FIRST, 3)
    assert "worsening-last" not in submitted.flags()


def test_a_later_score_is_looked_at_again(walking: Walk, staff, walk):
    walking.answer_all(2, death_or_self_harm=0)
    walking.submit()
    later = walk()
    later.at = NOW + timedelta(hours=1)
    later.answer_all(2, death_or_self_harm=0)
    later.submit()
    before = later.flags()
    items = [item.link_id for item in phq_9(walking).administration.instrument.items]
    for version, link_id in enumerate(items[:3], start=1):
        put_right(walking, staff, link_id, 0, seen_version=version)
    assert later.flags() == sorted([*before, "worsening-last"])
    assert "worsening-last" not in walking.flags()
    flag = Flag.objects.get(rule="worsening-last")
    assert flag.administration is not None
    assert flag.administration.screening == later.screening
    assert not verify(f"screening:{later.screening.id}")
    put_right(walking, staff, items[3], 0, seen_version=4)
    assert later.flags().count("worsening-last") == 1


def test_an_imported_answer_can_be_put_right(patient, staff):
    screening = record_answers(
        patient=patient,
        instrument_id="gad-2",
        language="en",
        answers={"/69725-0": 0, "/68509-9": 3},
        by=Actor.system("test"),
        at=NOW,
    )
    score = put_right(Walk(screening), staff, "/69725-0", 3)
    assert score.total == 6


@pytest.mark.parametrize(
    ("wrong", "refusal", "why"),
    [
        ({"reason": " "}, AmendRefused, "Write why"),
        ({"value": 0}, AmendRefused, "stored already"),
        ({"value": 7}, AnswerRefused, "takes one of"),
        ({"link_id": "/nothing"}, AnswerRefused, "no item"),
        ({"position": 2}, AmendRefused, "not part"),
        ({"position": -1}, AmendRefused, "not part"),
        ({"seen_version": 2}, AmendedByOther, "colleague"),
    ],
)
def test_what_is_not_right_is_refused_and_changes_nothing(
    submitted, staff, wrong, refusal, why
):
    count = Answer.objects.count()
    with pytest.raises(refusal, match=why):
        put_right(submitted, staff, **wrong)
    assert Answer.objects.count() == count
    assert phq_9(submitted).version == 1


def test_an_item_that_was_not_asked_is_refused(walking: Walk, staff):
    walking.answer_all(0)
    walking.submit()
    with pytest.raises(AmendRefused, match="not asked"):
        put_right(walking, staff, "/69722-7", 1)


def test_only_what_was_submitted_is_put_right(walking: Walk, staff):
    walking.tap(ITEM_9, 0)
    with pytest.raises(AmendRefused, match="submitted"):
        put_right(walking, staff)
    actions.expire_overdue(at=NOW + timedelta(days=30))
    with pytest.raises(AmendRefused, match="submitted"):
        put_right(walking, staff)


def test_only_who_may_and_only_in_the_own_clinic(submitted, clinic):
    with pytest.raises(PermissionRefused):
        put_right(submitted, make_user(clinic, Role.FRONT_DESK))
    with pytest.raises(NoSuchSitting):
        put_right(submitted, make_user(make_clinic(), Role.CLINICIAN))


def test_the_history_cannot_be_edited(submitted, staff):
    put_right(submitted, staff)
    for row in (Amendment.objects, PastScore.objects, Answer.objects, Flag.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.all().update(id=None)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told(
    submitted: Walk, staff: User, clinic: Clinic
):
    other = make_user(clinic, Role.CLINICIAN)
    results: list[object] = []
    barrier = threading.Barrier(2)

    def run(by: User, value: int, note: Callable[[object], None]) -> None:
        barrier.wait()
        try:
            note(put_right(submitted, by, value=value))
        except AmendedByOther as error:
            note(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(by, value, results.append))
        for by, value in ((staff, 1), (other, 2))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(r).__name__ for r in results) == ["AmendedByOther", "Score"]
    assert (Amendment.objects.count(), phq_9(submitted).version) == (1, 2)


def test_it_is_all_or_nothing(submitted, staff, monkeypatch):
    def break_off(*_args, **_kwargs):
        raise RuntimeError("the process ends here")

    monkeypatch.setattr("screening.actions.amending.raise_flags", break_off)
    with pytest.raises(RuntimeError):
        put_right(submitted, staff)
    assert not Amendment.objects.exists()
    assert phq_9(submitted).version == 1
