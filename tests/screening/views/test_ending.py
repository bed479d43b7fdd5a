"""The last page: what was asked, what it means, what comes next, and to read."""

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Clinic, Patient
from screening.domain import dialogue
from screening.models import Screening
from screening.presenters import end_page
from tests.screening.conftest import ITEM_9, Walk
from tests.screening.views.conftest import Visitor


def finished(asked: Visitor, *, item_9: int | None = 0, others: int | None = 0) -> str:
    """Answer everything, submit, and return the last page; None is declining."""
    walk = Walk(Screening.objects.get(), at=timezone.now())
    while step := dialogue.first_open(walk.sitting().dialogue()):
        value = item_9 if step.link_id == ITEM_9 else others
        said = {"declined": True} if value is None else {"value": value}
        walk.say(step.link_id, position=step.part, **said)
    asked.get("/review/").post()
    assert asked.path == "/done/"
    return asked.text


def test_it_says_what_was_asked_what_it_means_and_what_comes_next(asked: Visitor):
    page = finished(asked)
    for words in (
        "Nine questions about your mood",
        "Seven questions about worry",
        "They are not a diagnosis",
        "What happens next",
        "The team looks at new answers by",
        'href="tel:202-555-0100"',
        'href="/read/1/"',
        'href="/read/2/"',
        'href="/read/3/"',
        'href="/read/4/"',
        "print it",
    ):
        assert words in page, words
    assert "out of 27" not in page
    assert "tel:988" not in page


def test_the_same_is_offered_whatever_was_answered(asked: Visitor):
    page = finished(asked, others=3)
    assert page.count('href="/read/') == 4
    for band in ("Mild", "Moderate", "Severe", "Minimal"):
        assert band not in page


def test_lines_and_promise_are_shown_again_after_item_9(asked: Visitor):
    page = finished(asked, item_9=2)
    assert "A person looks at it first." in page
    assert 'href="tel:988"' in page
    assert "Someone at the clinic will look at it by" in page or "closed" in page
    assert page.index("tel:988") < page.index("What happens next")


def test_a_request_for_a_call_alone_is_no_word_about_safety(asked: Visitor):
    asked.get("/call/").post(callback_number="202-555-0143")
    page = finished(asked)
    assert "You asked for a call." in page
    assert "matters for your safety" not in page
    assert "The team looks at new answers by" in page


def test_totals_are_shown_only_where_the_clinic_chose_so_and_without_a_band(
    asked: Visitor, clinic: Clinic
):
    Clinic.objects.update(patient_sees_score=True)
    page = finished(asked, others=1)
    assert "PHQ-9: 8 out of 27" in page
    assert "GAD-7: 7 out of 21" in page
    assert "It is not a diagnosis and not a grade." in page
    assert "Mild" not in page


def test_no_total_is_said_where_none_could_be_worked_out(
    asked: Visitor, clinic: Clinic
):
    Clinic.objects.update(patient_sees_score=True)
    finished(asked, item_9=None, others=None)
    assert "PHQ-9: no total, as some questions were left out" in asked.text


@pytest.mark.parametrize("safety", [True, False])
def test_a_longer_form_that_did_not_follow_was_not_asked(
    walk, patient: Patient, safety: bool
):
    patient.clinic.step_up, patient.clinic.step_safety = True, safety
    patient.clinic.patient_sees_score = True
    patient.clinic.save()
    walking = walk(battery=["phq-2"])
    walking.answer_all(0)
    walking.submit()
    page = end_page(walking.sitting(), at=walking.at)
    assert page["asked"] == [
        "Two questions about your mood and what you enjoy.",
        *(["One more question, about your safety."] if safety else []),
    ]
    assert page["scores"] == ["PHQ-2: 0 out of 6"]  # nobody left anything out
    assert [topic.id for topic in page["topics"]] == ["mood", "self-care"]


def test_page_to_read_speaks_as_asked_within_a_check_in_too(asked: Visitor):
    assert 'href="?l=es-US"' in asked.get("/read/3/").text
    assert "Sobre el sueño" in asked.get("/read/3/?l=es-US").text
    assert "About sleep" in asked.get("/read/3/").text


def test_page_to_read_is_open_to_anybody_neutral_and_needs_no_database(
    client: Client,
):
    page = client.get("/read/3/").content.decode()
    assert "<title>Something to read – Check-in</title>" in page
    assert "Put the phone away a while before bed." in page
    assert "not yet reviewed by a clinician. As of November 2026." in page
    assert 'href="/done/"' not in page
    spanish = client.get("/read/3/", headers={"Accept-Language": "es"})
    assert "Sobre el sueño" in spanish.content.decode()
    for nothing in ("/read/joy/", "/read/9/", "/read/0/"):
        assert client.get(nothing).status_code == 404


def test_an_address_that_named_a_topic_leads_to_one_that_does_not(client: Client):
    moved = client.get("/read/self-care/?l=es-US")
    assert (moved.status_code, moved["Location"]) == (302, "/read/4/?l=es-US")
    assert client.get("/read/sleep/")["Location"] == "/read/3/"
    assert "About sleep" in client.get("/read/sleep/", follow=True).content.decode()


def test_page_to_read_leads_back_to_the_end(asked: Visitor):
    finished(asked)
    assert 'href="/done/"' in asked.get("/read/1/").text
