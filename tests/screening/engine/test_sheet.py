"""A whole form typed in at once: danger first, nothing twice, nothing lost."""

from datetime import timedelta

import pytest

from screening import engine
from screening.engine import Line, Over, Said, enter_form
from screening.engine.sheet import ELSEWHERE, HIDDEN
from screening.models import Answer, Episode, Flag
from screening.models.sitting import load
from tests.screening.conftest import ITEM_9, NOW
from tests.screening.engine.desk import Desk

FIRST, DIFFICULTY = "/44250-9", "/69722-7"


def line(link_id: str, value: int | None = 0, *, seq=0, key="page", **more) -> Line:
    blank = more.pop("blank", False)
    said = Said(
        key=f"{seq}.{key}-{link_id}",
        position=more.pop("position", 0),
        link_id=link_id,
        value=None if blank else value,
        declined=value is None and not blank,
        **more,
    )
    return Line(said=said, blank=blank)


def phq_9(desk: Desk) -> list[str]:
    return [i.link_id for i in load(desk.screening.id).instrument(0).scored_items]


def test_whole_form_is_stored_and_flagged(begin, patient):
    desk = begin("phq-9")
    lines = [line(link, 1) for link in phq_9(desk)] + [line(DIFFICULTY, 2)]
    assert enter_form(desk.seat, lines, at=NOW) == []
    assert Answer.objects.count() == 10
    assert Episode.objects.get(patient=patient).tier == "URGENT"
    assert desk.submit().outcome.to == "done"


def test_item_9_is_stored_before_anything_can_break(begin, monkeypatch):
    desk = begin("phq-9")
    calls: list[int] = []

    def break_after_one(*args, **kwargs):
        if calls:
            raise RuntimeError("the process ends here")
        calls.append(1)
        return engine.enter(*args, **kwargs)

    monkeypatch.setattr("screening.engine.sheet.enter", break_after_one)
    lines = [line(link, 1) for link in phq_9(desk)]
    with pytest.raises(RuntimeError):
        enter_form(desk.seat, lines, at=NOW)
    assert Answer.objects.get().link_id == ITEM_9
    assert desk.flags() == ["item-9"]


def test_same_page_sent_twice_is_stored_once(begin):
    desk = begin("phq-9")
    lines = [line(ITEM_9, 1), line(FIRST, None), line("/44255-8", blank=True)]
    for _ in range(2):
        assert enter_form(desk.seat, lines, at=NOW) == []
    assert Answer.objects.count() == 2
    assert Flag.objects.count() == 1


def test_what_was_not_touched_is_no_new_answer_and_no_new_flag(begin):
    desk = begin("phq-9")
    enter_form(desk.seat, [line(ITEM_9, 1)], at=NOW)
    again = [line(ITEM_9, 1, seq=1, key="next"), line(FIRST, 2, key="next")]
    assert enter_form(desk.seat, again, at=NOW) == []
    assert list(Answer.objects.order_by("seq").values_list("value", flat=True)) == [
        1,
        2,
    ]
    assert Flag.objects.count() == 1


def test_colleagues_change_is_not_written_over(begin):
    desk = begin("phq-9")
    desk.enter(FIRST, 3)
    stale = [line(FIRST, 1), line(ITEM_9, 0)]
    (unstored,) = enter_form(desk.seat, stale, at=NOW)
    assert (unstored.link_id, unstored.why) == (FIRST, ELSEWHERE)
    assert load(desk.screening.id).answers(0) == {FIRST: 3, ITEM_9: 0}


def test_danger_on_a_stale_page_is_flagged_and_told(begin):
    desk = begin("phq-9")
    desk.enter(ITEM_9, 0)
    (unstored,) = enter_form(desk.seat, [line(ITEM_9, 2)], at=NOW)
    assert unstored.why == ELSEWHERE
    assert desk.flags() == ["item-9"]


def test_item_that_the_form_does_not_come_to(begin):
    desk = begin("phq-9")
    lines = [line(link, 0) for link in phq_9(desk)] + [line(DIFFICULTY, 1)]
    (unstored,) = enter_form(desk.seat, lines, at=NOW)
    assert (unstored.link_id, unstored.why) == (DIFFICULTY, HIDDEN)
    assert enter_form(desk.seat, [line(DIFFICULTY, blank=True)], at=NOW) == []


def test_stored_answer_is_not_made_blank(begin):
    desk = begin("phq-9")
    desk.enter(FIRST, 1)
    (unstored,) = enter_form(desk.seat, [line(FIRST, blank=True)], at=NOW)
    assert "stored already" in unstored.why


def test_form_that_is_over_takes_nothing_but_flags_danger(begin):
    desk = begin("phq-9")
    desk.enter(FIRST, 0)
    late = NOW + timedelta(hours=73)
    with pytest.raises(Over):
        enter_form(desk.seat, [line(ITEM_9, 1), line("/44255-8", 1)], at=late)
    assert "item-9" in desk.flags()
    assert load(desk.screening.id).answers(0) == {FIRST: 0}
