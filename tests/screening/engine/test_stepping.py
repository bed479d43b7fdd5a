"""Short forms that lead on, in the database: kept once, scored whole, changed safely."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit import Actor
from core.models import AuditEvent, Clinic
from screening import actions
from screening.actions.starting import start_again
from screening.domain import dialogue
from screening.domain.scoring import AnswerRefused
from screening.models import Administration, Answer, Score, Screening
from tests.screening.conftest import ITEM_9, NOW, Walk

INTEREST, MOOD, SLEEP = "/44250-9", "/44255-8", "/44259-0"


@pytest.fixture
def stepping(clinic: Clinic, patient, walk):
    """A walk at a clinic where short forms lead on."""

    def begin(*battery: str, **clinic_has) -> Walk:
        for name, value in ({"step_up": True} | clinic_has).items():
            setattr(patient.clinic, name, value)
        patient.clinic.save()
        begun: Walk = walk(battery=list(battery))
        return begun

    return begin


def asked(walking: Walk) -> list[tuple[int, str]]:
    path = dialogue.steps(walking.sitting().dialogue())
    return [(step.part, step.link_id) for step in path]


def scores() -> dict[str, tuple[object, bool]]:
    rows = Score.objects.order_by("administration__position")
    return {row.instrument_id: (row.total, row.complete) for row in rows}


def test_at_the_cut_a_whole_phq_9_is_scored_with_the_two_answers_kept(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 1)
    walking.tap(MOOD, 1)
    assert len(asked(walking)) == 10
    walking.answer_all(1, death_or_self_harm=0)
    walking.submit()
    assert scores() == {"phq-2": (2, True), "phq-9": (8, True)}
    kept = Answer.objects.filter(origin=Answer.Origin.KEPT).order_by("seq")
    given = Answer.objects.filter(administration__position=0).order_by("seq")
    assert [(k.link_id, k.value, k.at, k.turn_id) for k in kept] == [
        (g.link_id, g.value, g.at, g.turn_id) for g in given
    ]
    assert [k.shown["kept"] for k in kept] == [
        {"from": "phq-2", "seq": g.seq} for g in given
    ]
    assert AuditEvent.objects.get(kind="ANSWERS_KEPT").detail == {
        "from": "phq-2",
        "items": [INTEREST, MOOD],
    }


def test_below_the_cut_item_9_is_asked_and_flagged_and_makes_no_total(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 1)
    taken = walking.tap(MOOD, 0)
    assert (taken.outcome.position, taken.outcome.number) == (1, 9)
    assert walking.tap(ITEM_9, 1, position=1).outcome.to == "safety"
    assert "item-9" in walking.flags()
    assert walking.submit().outcome.to == "done"
    assert scores() == {"phq-2": (1, True), "phq-9": (None, False)}
    assert not Answer.objects.filter(origin=Answer.Origin.KEPT).exists()


def test_a_whole_longer_form_silences_the_short_one(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 3)
    walking.answer_all(0)
    walking.submit()
    assert "phq-2-positive" not in walking.flags()


def test_item_9_alone_does_not_silence_it(stepping, staff):
    """The PHQ-2 is put right to its own cut after the submit: no PHQ-9 stands for it."""
    walking = stepping("phq-2")
    walking.answer_all(0)
    walking.submit()
    correction = actions.Correction(
        position=0, link_id=INTEREST, value=3, reason="Misread", seen_version=1
    )
    actions.amend(
        screening_id=walking.screening.id, correction=correction, by=staff, at=NOW
    )
    assert "phq-2-positive" in walking.flags()


def test_a_changed_answer_takes_nothing_back_that_was_begun(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 3)
    walking.tap(SLEEP, 2, position=1)
    walking.tap(ITEM_9, 2, position=1)
    walking.tap(INTEREST, 0)
    assert len(asked(walking)) == 10
    assert walking.flags().count("item-9") == 1
    walking.answer_all(0)
    walking.submit()
    # The answers as they counted when they were submitted, in both forms.
    assert scores() == {"phq-2": (0, True), "phq-9": (4, True)}
    assert walking.flags().count("item-9") == 1


def test_before_it_was_begun_lowering_leaves_item_9(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 2)
    walking.tap(INTEREST, 0)
    assert asked(walking) == [(0, INTEREST), (0, MOOD), (1, ITEM_9)]
    with pytest.raises(AnswerRefused, match="not part of your questionnaire"):
        walking.tap(SLEEP, 1, position=1)


def test_what_was_kept_cannot_be_answered_twice(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 3)
    with pytest.raises(AnswerRefused, match="not part of your questionnaire"):
        walking.tap(INTEREST, 0, position=1)


def test_danger_on_a_page_that_is_no_longer_asked_counts(stepping):
    walking = stepping("phq-2", step_safety=False)
    walking.tap(INTEREST, 2)
    walking.tap(INTEREST, 0)
    assert (1, ITEM_9) not in asked(walking)
    assert walking.tap(ITEM_9, 2, position=1).outcome.to == "safety"
    assert "item-9" in walking.flags()
    assert len(asked(walking)) == 10  # begun now, and so asked whole


def test_submit_meets_what_another_window_opened(stepping):
    """The review stood open with nothing left to ask when a second window stepped up."""
    walking = stepping("phq-2")
    walking.answer_all(0)
    walking.tap(MOOD, 3)
    outcome = walking.submit().outcome
    assert (outcome.to, outcome.position, outcome.number) == ("question", 1, 3)
    assert scores() == {}


def test_a_replayed_tap_after_stepping_leads_where_it_led(stepping):
    walking = stepping("phq-2")
    first = walking.tap(INTEREST, 2, key="0.once")
    again = walking.tap(INTEREST, 2, key="0.once")
    assert first.outcome == again.outcome
    assert Answer.objects.count() == 1


def test_phq_4_leads_on_to_both(stepping):
    walking = stepping("phq-4")
    walking.answer_all(3)
    walking.submit()
    assert {k: v[1] for k, v in scores().items()} == {
        "phq-4": True,
        "phq-9": True,
        "gad-7": True,
    }
    assert scores()["gad-7"][0] == 21


def test_stepping_is_a_choice_and_holds_where_patients_answer(clinic, patient, walk):
    assert [a.follows for a in walk(battery=["phq-2"]).sitting().administrations] == [
        None
    ]
    clinic.step_up = True
    clinic.save()
    patient.clinic.refresh_from_db()
    by_staff = actions.starting.start_screening(
        patient=patient,
        battery=["phq-2"],
        language="en",
        origin=Screening.Origin.STAFF,
        by=Actor.system("test"),
        at=NOW,
    )
    assert by_staff.administrations.count() == 1


def test_begun_again_it_steps_as_it_was_planned(stepping):
    stale = stepping("phq-2").screening
    fresh = start_again(stale, at=NOW + timedelta(days=5))
    plans = Administration.objects.order_by("position").values_list(
        "definition__instrument_id", "follows"
    )
    assert list(plans.filter(screening=fresh)) == list(plans.filter(screening=stale))


def test_a_tapped_answer_that_steps_takes_six_queries(stepping):
    walking = stepping("phq-2")
    walking.tap(INTEREST, 0)
    key = walking.key(0, MOOD)
    with CaptureQueriesContext(connection) as caught:
        walking.tap(MOOD, 2, key=key)
    # A savepoint and its end are the test's own transaction.
    assert len(caught) - 2 == 6
    assert len(asked(walking)) == 10
