"""Entering answers: from the patient's page to the score, with nothing lost between."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, Patient
from screening import actions, definitions
from screening.models import Answer, Episode, Score, Screening
from screening.models.sitting import load
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.views.entries import Desk, begun
from tests.support.html import check_html

NINE = {f"answer-0-{number}": "0" for number in range(1, 10)}


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


def begin(cast: Cast, patient: Patient, **given):
    today = timezone.now().astimezone(cast.clinic.zone).date()
    data = {
        "battery": ["phq-9", "gad-7"],
        "mode": "PAPER",
        "language": "en",
        "answered_on": today.isoformat(),
        **given,
    }
    address = reverse("clinicians:new-entry", args=[patient.id])
    return signed_in(cast.alice).post(address, data)


def test_patients_page_leads_to_the_form(cast: Cast, patient):
    client = signed_in(cast.alice)
    page = client.get(reverse("clinicians:patient", args=[patient.id]))
    address = reverse("clinicians:new-entry", args=[patient.id])
    assert address in page.content.decode()
    form = client.get(address).content.decode()
    check_html(form)
    assert "Not the day of entering" in form
    # A questionnaire that came ticked would be entered by mistake.
    assert not re.search(r'name="battery"[^>]* checked', form)
    response = begin(cast, patient)
    screening = Screening.objects.get()
    entry = reverse("clinicians:entry", args=[patient.id, screening.id])
    assert response.headers["Location"] == entry
    assert (screening.origin, screening.mode) == ("STAFF", "PAPER")
    assert client.get(entry).headers["Location"].endswith("/form/")


def test_front_desk_is_not_led_there(cast: Cast, patient):
    page = signed_in(cast.fred).get(reverse("clinicians:patient", args=[patient.id]))
    assert b"Enter answers" not in page.content


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"answered_on": "2999-01-01"}, "in the future"),
        ({"answered_on": "1950-01-01"}, "older than the patient"),
        ({"answered_on": "yesterday"}, "year-month-day"),
        ({"mode": ""}, "required"),
        ({"battery": []}, "required"),
        ({"battery": ["phq-4"], "language": "es-US"}, "no official text in Spanish"),
        ({"battery": ["asq"]}, "asked aloud"),
    ],
)
def test_what_cannot_be_entered_is_refused_with_a_sentence(
    cast: Cast, patient, wrong, why
):
    cast.clinic.languages = ["en", "es-US"]
    cast.clinic.save()
    response = begin(cast, patient, **wrong)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Screening.objects.exists()


def test_a_form_of_a_past_day_says_so_and_stands_at_noon_of_it(cast: Cast, patient):
    then = timezone.now().astimezone(cast.clinic.zone) - timedelta(days=20)
    begin(cast, patient, answered_on=then.date().isoformat())
    screening = Screening.objects.get()
    local = screening.answered_at.astimezone(cast.clinic.zone)
    assert (local.date(), local.hour) == (then.date(), 12)
    page = Desk(cast.alice, screening).see("entry-form")
    assert "not about today" in page


def test_whole_form_goes_from_paper_to_a_score(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    response = desk.save({**NINE, "answer-0-3": "2", "answer-0-10": "1"})
    assert response.url == desk.url("entry-check")
    page = desk.see("entry-check")
    assert "More than half the days (2)" in page
    response = desk.post("entry-submit")
    assert response.url == desk.url("results")
    assert Score.objects.get().total == 2
    page = desk.see("results")
    assert "Entered by staff, from a paper form" in page
    assert '<dt>Begun by</dt><dd dir="auto">Alice Moore</dd>' in page
    assert "The answers are submitted" in page


def test_spanish_form_has_its_official_words_marked_as_spanish(cast: Cast, patient):
    desk = begun(cast.alice, patient, language="es-US")
    page = desk.see("entry-form")
    item = definitions.get("phq-9", "es-US").items[0]
    assert item.text in page
    assert 'lang="es-US"' in page
    # Our own words beside them are English.
    assert page.count('lang="en"') == 1 + 2 * 10
    desk.save({**NINE, "answer-0-2": "blank"})
    check = desk.see("entry-check")
    assert f'<dd lang="es-US">{item.options[0].text} (0)</dd>' in check
    assert "<dd>Nothing is marked on the form</dd>" in check


def test_item_9_is_a_case_when_it_is_saved_and_the_page_says_so(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    response = desk.save({"answer-0-9": "1"})
    assert response.status_code == 422
    episode = Episode.objects.get(patient=patient)
    assert episode.tier == "URGENT"
    page = response.content.decode()
    check_html(page)
    assert "Item 9 answered above zero" in page
    assert reverse("clinicians:case", args=[episode.id]) in page
    assert "What you chose is saved." in page
    assert page.count("Choose what the form says.") == 2 * 9  # 1 to 8, and 10


def test_declined_and_left_blank_are_two_things(cast: Cast, patient):
    desk = begun(cast.alice, patient, "gad-7")
    given = {f"answer-0-{n}": "0" for n in range(1, 6)}
    desk.save({**given, "answer-0-6": "declined", "answer-0-7": "blank"})
    page = desk.see("entry-check")
    assert "Declined to answer" in page
    assert "Nothing is marked on the form" in page
    desk.post("entry-submit")
    page = desk.see("results")
    assert "Preferred not to answer" in page
    assert "Left blank on the form" in page


def test_saved_for_later_is_gone_on_with(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    response = desk.save({"answer-0-1": "3"}, later="yes")
    address = reverse("clinicians:patient", args=[patient.id])
    assert response.url == address
    page = desk.client.get(address).content.decode()
    check_html(page)
    assert "Being entered by staff" in page
    assert desk.url("entry") in page
    assert "New link" not in page
    assert 'value="3" checked' in desk.see("entry-form")


def test_post_that_cannot_be_read_stores_the_rest(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    response = desk.save({"answer-0-1": "7", "answer-0-2": "1"})
    assert response.status_code == 422
    assert "PHQ-9 item 1: Choose one of the answers shown." in response.content.decode()
    assert list(load(desk.screening.id).answers(0).values()) == [1]
    response = desk.post("entry-form", **{"answer-0-3": "1"})
    assert "out of date" in response.content.decode()


def test_interview_goes_question_by_question(cast: Cast, patient):
    desk = begun(cast.alice, patient, "gad-7", mode="PHONE")
    assert desk.onward() == desk.url("entry-item", 1, 1)
    page = desk.see("entry-item", 1, 1)
    assert "Question 1 of 7" in page
    assert "Nothing is marked" not in page
    empty = desk.post("entry-item", 1, 1)
    assert empty.status_code == 422
    assert "Choose the answer that the patient gave." in empty.content.decode()
    assert desk.say(0, 1, "2").url == desk.url("entry")
    assert desk.onward() == desk.url("entry-item", 1, 2)
    desk.fill()
    assert desk.onward() == desk.url("entry-check")
    assert set(Answer.objects.values_list("origin", flat=True)) == {"STAFF"}
    assert "Asked by telephone" in desk.see("entry-check")


def test_question_that_is_not_there(cast: Cast, patient):
    desk = begun(cast.alice, patient, "gad-7", mode="PHONE")
    for part, number in ((1, 9), (2, 1), (1, 8)):
        url = desk.url("entry-item", part, number)
        assert desk.client.get(url).status_code == 404


def test_unfinished_entry_is_not_submitted(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save({"answer-0-1": "0"}, later="yes")
    assert "Not entered yet" in desk.see("entry-check")
    assert desk.post("entry-submit").url == desk.url("entry-check")
    assert not Score.objects.exists()


def test_discarded_entry_keeps_what_was_saved(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save({"answer-0-9": "2"}, later="yes")
    desk.post("entry-discard")
    assert desk.flags() == ["item-9", "item-9-then-stopped"]
    page = desk.client.get(reverse("clinicians:patient", args=[patient.id])).content
    assert b"Discarded by staff unfinished" in page
    assert b"Go on entering" not in page


@pytest.mark.parametrize(
    "name", ["entry", "entry-form", "entry-check", "entry-submit", "entry-discard"]
)
def test_over_is_said_and_leads_to_what_became_of_it(cast: Cast, patient, name):
    desk = begun(cast.alice, patient)
    keys = {"answer-0-1": "1", "key-0-1": "0.1.abc"}
    actions.expire_overdue(at=timezone.now() + timedelta(hours=73))
    posts = name in ("entry-submit", "entry-discard")
    response = desk.post(name) if posts else desk.client.get(desk.url(name))
    assert response.url == desk.url("results")
    assert "This entry is over" in desk.see("results")
    assert desk.post("entry-form", **keys).url == desk.url("results")
    assert desk.post("entry-item", 1, 1, **keys).url == desk.url("results")


@pytest.mark.parametrize("page", ["entry-form", "entry-check"])
def test_every_form_of_a_page_carries_its_token(cast: Cast, patient, page):
    desk = begun(cast.alice, patient)
    desk.save(NINE)
    found = desk.see(page)
    assert found.count("csrfmiddlewaretoken") == found.count('method="post"')


def test_submitted_twice_leads_to_the_same_place(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save(NINE)
    for _ in range(2):
        assert desk.post("entry-submit").url == desk.url("results")
    assert Score.objects.count() == 1


def test_submitting_with_an_open_case_leads_to_it(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save({**NINE, "answer-0-9": "1", "answer-0-10": "0"})
    desk.post("entry-submit")
    episode = Episode.objects.get()
    assert reverse("clinicians:case", args=[episode.id]) in desk.see("results")


def test_looking_at_an_entry_is_on_record(cast: Cast, patient):
    desk = begun(cast.alice, patient, mode="PHONE")
    for name, more in (("entry-form", ()), ("entry-item", (1, 1)), ("entry-check", ())):
        desk.see(name, *more)
    seen = AuditEvent.objects.filter(kind="RESULTS_VIEWED")
    assert seen.filter(object_id=str(desk.screening.id)).count() == 3


def test_form_takes_the_same_number_of_queries_however_full(
    cast: Cast, patient, django_assert_max_num_queries
):
    desk = begun(cast.alice, patient, "phq-9", "gad-7")
    desk.save({**NINE, "answer-0-9": "1"})
    with django_assert_max_num_queries(18):
        desk.see("entry-form")
    with django_assert_max_num_queries(18):
        desk.see("entry-check")
