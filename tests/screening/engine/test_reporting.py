"""A report about a wording: kept once, heard like any words, and in nobody's way."""

from dataclasses import replace
from typing import Any

import pytest

from core import audit
from core.models import AuditEvent, Role, User
from screening import actions, engine
from screening.actions import Reported, WordingRefused
from screening.models import Answer, Turn, WordingReport
from screening.models.sitting import NoSuchSitting
from tests.screening.conftest import ITEM_9, NOW, Walk


def reported(walking: Walk, **more) -> Reported:
    item = walking.sitting().instrument(0).items[0]
    given: dict[str, Any] = {
        "key": walking.key(0, item.link_id),
        "position": 0,
        "link_id": item.link_id,
        "where": "OFFICIAL",
        "why": "UNCLEAR",
        "text": item.text,
    }
    return Reported(**(given | more))


def send(walking: Walk, words: str = "", **more) -> engine.Taken:
    return engine.report(walking.claim, reported(walking, **more), words, at=NOW)


def test_report_is_kept_and_leads_back_to_the_question(walking: Walk):
    taken = send(walking)
    assert (taken.outcome.to, taken.outcome.number) == ("reported", 1)
    row = WordingReport.objects.get()
    assert (row.state, row.why, row.turn_id) == ("NEW", "UNCLEAR", None)
    assert row.instrument_id == "phq-9"
    assert "Little interest" in row.text
    assert not Answer.objects.exists()
    assert walking.flags() == []


def test_report_sent_twice_is_one_report_and_another_on_that_page_its_own(
    walking: Walk,
):
    one = reported(walking)
    sent = [
        (one, ""),
        (one, "what is doing things?"),
        (replace(one, why="HURTFUL"), "what is doing things?"),
        (replace(one, why="HURTFUL"), "what is interest?"),
    ]
    for count, (page, words) in enumerate(sent, 1):
        for _ in range(2):
            taken = engine.report(walking.claim, page, words, at=NOW)
            assert taken.outcome.to == "reported"
        assert WordingReport.objects.count() == count
    rows = WordingReport.objects.select_related("turn")
    said = {(row.why, row.turn.words if row.turn else "") for row in rows}
    assert said == {(page.why, words) for page, words in sent}
    assert Turn.objects.filter(kind="WORDS").count() == 2
    noted = AuditEvent.objects.filter(kind="WORDING_REPORTED")
    assert noted.count() == 4


def test_its_words_are_kept_in_a_turn_and_settled(walking: Walk):
    send(walking, "I do not get this one")
    row = WordingReport.objects.select_related("turn").get()
    assert row.turn.words == "I do not get this one"
    assert row.turn.interpretation == {"result": "Reported"}
    assert row.turn.outcome["to"] == "reported"


def test_crisis_words_raise_the_flag_and_lead_to_help(walking: Walk):
    taken = send(walking, "I want to kill myself", why="HURTFUL")
    assert taken.outcome.to == "safety"
    assert walking.flags() == ["crisis-words-urgent"]
    assert WordingReport.objects.get().why == "HURTFUL"


def test_worrying_words_are_flagged_and_said_on_the_page(walking: Walk):
    taken = send(walking, "what is the point of anything any more")
    assert taken.outcome.concern
    assert walking.flags() == ["crisis-words-concern"]


def test_words_nobody_heard_are_heard_by_the_sweep(walking: Walk, monkeypatch):
    def die(*_args, **_kwargs):
        raise RuntimeError("the process died")

    with monkeypatch.context() as broken:
        broken.setattr("screening.engine.hearing.listen", die)
        with pytest.raises(RuntimeError):
            send(walking, "I want to kill myself")
    assert WordingReport.objects.exists()
    engine.sweep_unheard(at=NOW.replace(hour=21))
    assert walking.flags() == ["crisis-words-urgent"]


def test_another_session_reports_nothing(walking: Walk):
    claim = replace(walking.claim, nonce="another")
    with pytest.raises(NoSuchSitting):
        engine.report(claim, reported(walking), "", at=NOW)
    assert not WordingReport.objects.exists()


def test_item_9_can_be_reported_and_nothing_about_it_changes(walking: Walk):
    item = walking.sitting().item(0, ITEM_9)
    send(walking, link_id=ITEM_9, text=item.text, why="HURTFUL")
    assert WordingReport.objects.get().link_id == ITEM_9
    assert walking.flags() == []


@pytest.fixture
def reviewer(walking: Walk) -> User:
    return User.objects.create_user(
        email="liv@example.org",
        role=Role.LIVED_EXPERIENCE,
        clinic=walking.screening.clinic,
        created_at=NOW,
    )


def test_seen_then_answered_each_once_and_on_record(walking: Walk, reviewer: User):
    send(walking, "unclear to me")
    report = WordingReport.objects.get()
    for _ in range(2):
        actions.see_report(report=report, by=reviewer, at=NOW)
    answered = actions.answer_report(
        report=report, answer="Put in plainer words.", by=reviewer, at=NOW
    )
    assert (answered.state, answered.seen_by) == ("ANSWERED", reviewer)
    with pytest.raises(WordingRefused, match="answered already"):
        actions.answer_report(report=report, answer="Again.", by=reviewer, at=NOW)
    kinds = AuditEvent.objects.filter(object_type="wording_report")
    assert sorted(kinds.values_list("kind", flat=True)) == [
        "WORDING_REPORTED",
        "WORDING_REPORT_ANSWERED",
        "WORDING_REPORT_SEEN",
    ]
    assert "unclear to me" not in str(list(AuditEvent.objects.values_list("detail")))
    assert not audit.verify_all()


def test_answer_needs_words_and_sees_it_on_the_way(walking: Walk, reviewer: User):
    send(walking)
    report = WordingReport.objects.get()
    with pytest.raises(WordingRefused, match="Write what came of"):
        actions.answer_report(report=report, answer="  ", by=reviewer, at=NOW)
    row = actions.answer_report(report=report, answer="Kept.", by=reviewer, at=NOW)
    assert row.seen_at == row.answered_at == NOW
