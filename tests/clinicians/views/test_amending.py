"""The page of amending: the old answer and score stay to be seen, flags are added."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from core.models import Patient
from screening.models import Amendment, Answer, Episode, Flag, Score
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.views.entries import Desk, begun
from tests.stepped import stepped
from tests.support.html import check_html

REASON = "Misread: the cross stands at the second box."


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


@pytest.fixture
def desk(cast: Cast, patient: Patient) -> Desk:
    """A PHQ-9 from paper, all “Several days” but item 9."""
    desk = begun(cast.alice, patient)
    values = {f"answer-0-{number}": "1" for number in range(1, 11)}
    desk.save({**values, "answer-0-9": "0"})
    desk.post("entry-submit")
    return desk


@dataclass
class Amending:
    """Somebody at the page of amending one item."""

    desk: Desk
    number: int = 9

    def see(self) -> str:
        return self.desk.see("amend", 1, self.number)

    def put_right(self, **given: Any) -> Any:
        data = {"seen_version": 1, "answer": "2", "reason": REASON, **given}
        return self.desk.post("amend", 1, self.number, **data)


def test_page_shows_what_counts_now(desk):
    page = Amending(desk).see()
    assert "Not at all (0)" in page
    assert "PHQ-9: 8 of 27, Mild" in page
    assert "never removed" in page


def test_answers_page_leads_there_and_shows_both_afterwards(cast: Cast, desk, patient):
    assert desk.url("amend", 1, 9) in desk.see("results")
    response = Amending(desk).put_right()
    assert response.url == desk.url("results")
    page = desk.see("results")
    assert "Amended by Alice Moore" in page
    assert REASON in page
    assert "Before: Not at all (0). Entered by staff, from a paper form" in page
    assert ": 8, Mild" in page
    assert Score.objects.get().total == 10
    assert Episode.objects.get(patient=patient).tier == "URGENT"
    assert desk.flags() == ["item-9", "phq-9-cut"]


def test_amendment_is_on_the_case(cast: Cast, desk, patient):
    Amending(desk).put_right()
    episode = Episode.objects.get(patient=patient)
    url = reverse("clinicians:case", args=[episode.id])
    page = desk.client.get(url).content.decode()
    check_html(page)
    assert "Answer amended" in page
    assert "PHQ-9 item 9" in page
    assert "Entered by staff, from a paper form" in page
    assert desk.url("amend", 1, 9) in page


def test_flags_stay_when_an_answer_is_lowered(cast: Cast, desk):
    Amending(desk).put_right()
    before = Flag.objects.count()
    Amending(desk).put_right(answer="0", seen_version=2)
    assert Flag.objects.count() == before
    assert Score.objects.get().version == 3
    page = desk.see("results")
    assert page.count("Until ") == 2
    assert page.count("Before: ") == 2


@pytest.mark.parametrize(
    ("wrong", "status", "why"),
    [
        ({"reason": " "}, 422, "Write why"),
        ({"answer": ""}, 422, "Choose what"),
        ({"answer": "9"}, 422, "not one of the available choices"),
        ({"answer": "0"}, 422, "stored already"),
        ({"seen_version": 0}, 422, "out of date"),
        ({"seen_version": 2}, 409, "A colleague"),
    ],
)
def test_what_is_not_right_is_told_and_nothing_is_lost(desk, wrong, status, why):
    response = Amending(desk).put_right(**wrong)
    assert response.status_code == status
    page = response.content.decode()
    check_html(page)
    assert why in page
    if "reason" not in wrong:
        assert REASON in page
    assert not Amendment.objects.exists()


def test_after_a_colleague_the_next_try_is_for_what_is_shown(desk):
    Amending(desk).put_right()
    page = Amending(desk).put_right(answer="3").content.decode()
    assert 'value="3" checked' in page
    assert "Amended by Alice Moore" in page
    assert 'name="seen_version" value="2"' in page
    assert Amending(desk).put_right(answer="3", seen_version=2).status_code == 302


def test_declined_is_what_it_may_have_been(desk):
    Amending(desk, number=1).put_right(answer="declined")
    row = Answer.objects.order_by("seq").last()
    assert row is not None
    assert (row.value, row.declined) == (None, True)
    assert "No answer to item 1. There is no total." in desk.see("results")


def test_what_was_not_submitted_is_not_amended(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save({"answer-0-1": "0"}, later="yes")
    assert desk.client.get(desk.url("amend", 1, 1)).status_code == 404
    assert "Amend" not in desk.see("results")


@pytest.mark.parametrize("place", [(1, 99), (2, 1), (0, 1)])
def test_what_is_not_there(desk, place):
    assert desk.client.get(desk.url("amend", *place)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("charlie", 404), ("fred", 403), ("ada", 403)]
)
def test_stranger_and_wrong_role_amend_nothing(cast: Cast, desk, who, status):
    client = signed_in(getattr(cast, who))
    for how in (client.get, client.post):
        assert how(desk.url("amend", 1, 9)).status_code == status
    assert desk.client.put(desk.url("amend", 1, 9)).status_code == 405


def test_answers_of_many_amendments_take_no_more_queries(
    desk, django_assert_max_num_queries
):
    for version in range(1, 6):
        Amending(desk).put_right(answer=str(version % 3), seen_version=version)
    with django_assert_max_num_queries(23):
        desk.see("results")


def test_answer_that_counts_in_two_forms_says_so_and_changes_in_both(cast: Cast):
    row = stepped(cast.clinic, each=1)
    client, ids = signed_in(cast.alice), [row.patient_id, row.id]
    url = reverse("clinicians:amend", args=[*ids, 2, 1])
    page = client.get(url).content.decode()
    assert "counts in the PHQ-2 too. It is amended in both" in page
    client.post(url, {"seen_version": 1, "answer": "3", "reason": REASON})
    totals = Score.objects.order_by("administration__position")
    assert [one.total for one in totals] == [4, 10]
    results = reverse("clinicians:results", args=ids)
    assert client.get(results).content.decode().count(REASON) == 2
    alone = client.get(reverse("clinicians:amend", args=[*ids, 2, 3]))
    assert "amended in both" not in alone.content.decode()


def test_form_that_did_not_follow_offers_no_amendment_of_what_was_not_asked(
    cast: Cast,
):
    row = stepped(cast.clinic, each=0)
    client, ids = signed_in(cast.alice), [row.patient_id, row.id]
    page = client.get(reverse("clinicians:results", args=ids)).content.decode()
    assert reverse("clinicians:amend", args=[*ids, 1, 1]) in page
    assert reverse("clinicians:amend", args=[*ids, 2, 9]) in page
    unasked = reverse("clinicians:amend", args=[*ids, 2, 1])
    assert unasked not in page
    data = {"seen_version": 1, "answer": "3", "reason": REASON}
    refused = client.post(unasked, data)
    assert refused.status_code == 422
    assert "in the short form, where it was given" in refused.content.decode()
