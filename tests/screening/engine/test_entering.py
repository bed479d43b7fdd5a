"""Staff enter a form: the same rules, the same flags, and their own name on it."""

from datetime import timedelta

import pytest

from core.audit import verify
from core.models import AuditEvent, Patient, Role
from core.permissions import PermissionRefused
from screening import actions, engine
from screening.domain.scoring import AnswerRefused
from screening.engine import Entering, Over, Said
from screening.models import Answer, Episode, Flag, Score, Screening
from screening.models.sitting import NoSuchSitting, load
from tests.cast import make_clinic, make_user
from tests.screening.conftest import ITEM_9, NOW, Walk
from tests.screening.engine.desk import Desk


def test_entered_answers_say_who_entered_them(begin, staff):
    desk = begin()
    desk.fill()
    desk.submit()
    assert set(Answer.objects.values_list("origin", flat=True)) == {"STAFF"}
    lines = AuditEvent.objects.filter(kind__in=["ANSWERED", "SUBMITTED"])
    assert {(e.actor_kind, e.actor_id) for e in lines} == {("STAFF", str(staff.id))}
    assert not verify(f"screening:{desk.screening.id}")
    desk.screening.refresh_from_db()
    assert (desk.screening.status, desk.screening.origin) == ("COMPLETED", "STAFF")
    assert desk.screening.session_nonce == ""


def test_item_9_is_a_case_before_the_form_is_finished(begin, patient):
    taken = begin().enter(ITEM_9, 1)
    assert taken.outcome.to == "safety"
    assert Episode.objects.get(patient=patient).tier == "URGENT"


def test_a_score_stands_at_the_day_the_form_was_filled_in(begin):
    desk = begin("gad-7", answered_at=NOW - timedelta(days=20))
    desk.fill()
    desk.submit()
    assert Score.objects.get().at == NOW - timedelta(days=20)


def test_an_old_form_is_compared_with_what_was_before_it(begin):
    desk = None
    for days, value in ((20, 0), (0, 2), (10, 2)):
        desk = begin("gad-7", answered_at=NOW - timedelta(days=days))
        desk.fill(value)
        desk.submit()
    worse = Flag.objects.filter(screening=desk.screening, rule="worsening-last")
    assert "GAD-7 0 on" in worse.get().evidence_dict["detail"]


def test_a_form_that_comes_in_late_is_held_against_what_followed(begin):
    late = begin("gad-7")
    late.fill(2)
    late.submit()
    assert "worsening-last" not in late.flags()
    old = begin("gad-7", answered_at=NOW - timedelta(days=20))
    old.fill(0)
    old.submit()
    assert "worsening-last" in late.flags()
    assert old.flags() == []


def test_a_blank_item_is_not_asked_again_and_leaves_no_total(begin):
    desk = begin("gad-7")
    first = desk.screening.administrations.get().instrument.items[0].link_id
    assert desk.blank(first).outcome.number == 2
    desk.fill()
    assert desk.submit().outcome.to == "done"
    score = Score.objects.get()
    assert (score.total, score.detail["missing"]) == (None, [first])
    assert score.detail["declined"] == []


def test_a_blank_item_9_is_for_a_person(begin):
    desk = begin("phq-9")
    desk.blank(ITEM_9)
    flag = Flag.objects.get()
    assert flag.rule == "item-9-declined"
    assert "left blank on the form" in flag.evidence_dict["detail"]


def test_a_blank_item_may_be_answered_after_all(begin):
    desk = begin("gad-7")
    first = desk.screening.administrations.get().instrument.items[0].link_id
    desk.blank(first)
    desk.enter(first, 2)
    assert load(desk.screening.id).answers(0) == {first: 2}


def test_a_stored_answer_cannot_be_made_blank(begin):
    desk = begin("phq-9")
    desk.enter(ITEM_9, 0)
    with pytest.raises(AnswerRefused, match="stored already"):
        desk.blank(ITEM_9)


def test_only_paper_has_blanks(begin):
    with pytest.raises(AnswerRefused, match="paper"):
        begin("asq").blank("asq-1")


def test_an_answer_sent_twice_is_stored_once(begin):
    desk = begin("phq-9")
    for _ in range(2):
        desk.enter(ITEM_9, 2, key="0.once")
        desk.blank("/44250-9", key="0.blank")
    assert Answer.objects.count() == 1
    assert Flag.objects.count() == 1


def test_neither_nothing_nor_words_are_entered(begin):
    said = Said(key="0.a", position=0, link_id=ITEM_9, words="most days")
    with pytest.raises(AnswerRefused, match="Choose one"):
        engine.enter(begin("phq-9").seat, said, at=NOW)


@pytest.mark.parametrize("value", [4, -1, True])
def test_a_value_that_is_no_option_is_refused(begin, value):
    with pytest.raises(AnswerRefused):
        begin("phq-9").enter(ITEM_9, value)
    assert not Answer.objects.exists()


def test_a_cancelled_entry_keeps_its_flags_and_says_who_stopped(begin):
    desk = begin("phq-9")
    desk.enter(ITEM_9, 1)
    engine.cancel(desk.seat, at=NOW)
    assert desk.flags() == ["item-9", "item-9-then-stopped"]
    stopped = Flag.objects.get(rule="item-9-then-stopped")
    assert "staff then cancelled" in stopped.evidence_dict["detail"]
    with pytest.raises(Over):
        desk.enter("/44250-9", 1)
    with pytest.raises(Over):
        engine.cancel(desk.seat, at=NOW)


def test_an_unfinished_entry_is_not_submitted(begin):
    desk = begin("phq-9")
    desk.enter(ITEM_9, 0)
    assert desk.submit().outcome.note == "still-open"


def test_staff_cannot_answer_for_a_patient_who_is_answering(walking: Walk, staff):
    seat = Entering(walking.screening.id, staff)
    said = Said(key="0.a", position=0, link_id=ITEM_9, value=0)
    with pytest.raises(NoSuchSitting):
        engine.enter(seat, said, at=NOW)


def test_a_stranger_finds_no_such_screening(begin):
    other = make_user(make_clinic(), Role.CLINICIAN)
    with pytest.raises(NoSuchSitting):
        Desk(begin("phq-9").screening, other).enter(ITEM_9, 1)
    assert not Flag.objects.exists()


def test_the_front_desk_enters_nothing(begin, clinic):
    fred = make_user(clinic, Role.FRONT_DESK)
    with pytest.raises(PermissionRefused):
        Desk(begin("phq-9").screening, fred).enter(ITEM_9, 1)
    with pytest.raises(PermissionRefused):
        begin("phq-9", by=fred)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"answered_at": NOW + timedelta(minutes=1)}, "future"),
        ({"answered_at": NOW - timedelta(days=20_000)}, "older than the patient"),
        ({"battery": []}, "at least one"),
        ({"battery": ["asq"], "mode": "PAPER"}, "aloud"),
    ],
)
def test_an_impossible_entry_is_refused(begin, wrong, why):
    with pytest.raises(actions.EntryRefused, match=why):
        begin(**wrong)
    assert not Screening.objects.exists()


def test_a_record_of_somebody_who_has_died_takes_no_form(begin, patient):
    patient.status = "DECEASED"
    patient.save()
    with pytest.raises(actions.EntryRefused, match="has died"):
        begin()


def test_a_merged_record_takes_no_form(begin, patient):
    kept = Patient.objects.create(
        clinic=patient.clinic, family_name="Kept", created_at=NOW
    )
    patient.status, patient.merged_into = "MERGED", kept
    patient.save()
    with pytest.raises(actions.EntryRefused, match="the one that stays"):
        begin()


def test_a_late_form_of_an_inactive_patient_is_entered(begin, patient):
    patient.status = "INACTIVE"
    patient.save()
    assert begin().screening.patient == patient


def test_begun_twice_is_begun_once(begin):
    assert begin().screening == begin().screening
    assert begin("gad-7").screening != begin().screening


def test_begun_again_on_the_same_day_is_one_entry_at_the_later_time(begin):
    first = begin("asq", answered_at=NOW - timedelta(hours=3)).screening
    again = begin("asq", answered_at=NOW).screening
    assert (again, again.answered_at) == (first, NOW)
    older = begin("asq", answered_at=NOW - timedelta(days=1)).screening
    assert older != first


def test_an_entry_begun_and_never_answered_expires(begin):
    desk = begin("phq-9")
    assert actions.expire_overdue(at=NOW + timedelta(hours=71)) == 0
    assert actions.expire_overdue(at=NOW + timedelta(hours=72)) == 1
    desk.screening.refresh_from_db()
    assert desk.screening.status == Screening.Status.EXPIRED
    assert not Flag.objects.exists()


def test_a_blank_that_the_form_does_not_come_to_is_refused(begin):
    with pytest.raises(AnswerRefused, match="does not come to"):
        begin("phq-9").blank("/69722-7")


def test_an_entry_has_no_link(begin, staff):
    with pytest.raises(actions.InvitationRefused):
        actions.reinvite(screening=begin().screening, by=staff, at=NOW)
