"""A page of an entry that is over: danger on it is flagged, the rest is told as lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Patient
from screening import actions
from screening.models import Answer, Episode
from tests.cast import Cast, make_patient
from tests.clinicians.views.entries import KEY, Desk, begun
from tests.support.html import check_html


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


def end(desk: Desk, how: str) -> None:
    if how == "expired":
        actions.expire_overdue(at=timezone.now() + timedelta(hours=73))
    elif how == "discarded":
        desk.post("entry-discard")
    else:
        desk.fill()
        desk.post("entry-submit")


def told(desk: Desk, response) -> str:
    assert response.url == desk.url("results")
    page: str = desk.client.get(response.url).content.decode()
    check_html(page)
    return page


@pytest.mark.parametrize("how", ["expired", "discarded", "submitted"])
@pytest.mark.parametrize("mode", ["PAPER", "PHONE"])
def test_danger_marked_on_a_page_of_an_entry_that_is_over_is_flagged(
    cast: Cast, patient, mode, how
):
    """The flag is the answer's own: it waits for nobody to begin again."""
    desk = begun(cast.alice, patient, mode=mode)
    name, at = ("entry-form", ()) if mode == "PAPER" else ("entry-item", (1, 9))
    keys = dict(KEY.findall(desk.see(name, *at)))
    desk.say(0, 1, "0")
    end(desk, how)
    before = Answer.objects.count()
    page = told(desk, desk.post(name, *at, **keys, **{"answer-0-9": "3"}))
    assert "is not stored" in page
    assert "is flagged all the same" in page
    assert desk.flags() == ["item-9"]
    assert Episode.objects.get(patient=patient).tier == "URGENT"
    assert Answer.objects.count() == before


def test_danger_once_marked_is_no_second_flag_when_the_page_is_sent_again(
    cast: Cast, patient
):
    desk = begun(cast.alice, patient)
    keys = dict(KEY.findall(desk.see("entry-form")))
    end(desk, "discarded")
    for _ in range(2):
        desk.post("entry-form", **keys, **{"answer-0-9": "1"})
    assert desk.flags() == ["item-9"]


def test_marks_that_show_no_danger_are_said_to_be_lost(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save({"answer-0-1": "1"}, later="yes")
    keys = dict(KEY.findall(desk.see("entry-form")))
    end(desk, "discarded")
    given = {"answer-0-2": "3", "answer-0-9": "0"}
    page = told(desk, desk.post("entry-form", **keys, **given))
    assert "is not stored" in page
    assert "is flagged all the same" not in page
    assert desk.flags() == []
