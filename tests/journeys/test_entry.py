"""A clerk's way: a paper form by keys alone, the ASQ after item 9, an answer put right."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.models import Patient as PatientRow
from screening.models import Administration, Episode, Score, Screening
from tests.cast import Cast
from tests.journeys.steps import Staff, give_second_factor
from tests.journeys.test_review import PASSWORD

pytestmark = pytest.mark.browser

MANY = 60  # tab stops: more than any page here has between two of its controls


def tab_to(page: Page, selector: str) -> None:
    """Move by Tab alone until the focus is on what `selector` names."""
    for _ in range(MANY):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector} on {page.url}")


def open_patient(page: Page, cast: Cast, patient: PatientRow) -> Staff:
    give_second_factor(cast.alice)
    alice = Staff(page, "entry")
    alice.sign_in(cast.alice, PASSWORD)
    page.goto(f"/staff/patients/{patient.id}/")
    return alice


def begin_by_keys(alice: Staff) -> None:
    page = alice.page
    tab_to(page, "a[href$='/enter/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enter/")
    alice.check_whole("begin")
    tab_to(page, "input[name=battery][value='phq-9']")
    page.keyboard.press("Space")
    tab_to(page, "input[name=mode]")
    page.keyboard.press("Space")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/form/")


def type_the_form(alice: Staff) -> None:
    """A digit chooses and leads on; the last item by its own keys, without digits."""
    page = alice.page
    alice.check_whole("form")
    tab_to(page, "input[name='answer-0-1']")
    page.keyboard.type("12101010")
    page.keyboard.press("1")
    expect(page.locator("input[name='answer-0-9'][value='1']")).to_be_checked()
    page.keyboard.press("Space")
    tab_to(page, "main form button:not([name])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")


def answer_in_person(alice: Staff, *answers: str) -> None:
    page = alice.page
    for number, value in enumerate(answers, start=1):
        page.wait_for_url(f"**/1/{number}/")
        page.check(f"input[name='answer-0-{number}'][value='{value}']")
        if number == len(answers):
            alice.check_whole("asq-question")
        alice.press("Save and go on")
    page.wait_for_url("**/check/")


def ask_the_asq(alice: Staff, episode: Episode) -> None:
    page = alice.page
    page.goto(f"/staff/cases/{episode.id}/")
    alice.check("case-before-asq")
    alice.press("Ask in person")
    answer_in_person(alice, "0", "1", "0", "0", "0")
    alice.press("Submit")
    page.wait_for_url("**/cases/*/")
    expect(page.locator("#asq").locator("..")).to_contain_text(
        "Non-acute positive screen"
    )
    alice.check_whole("case-after-asq")


def amend_the_first(alice: Staff, patient: PatientRow) -> None:
    page = alice.page
    paper = Screening.objects.get(battery=["phq-9"])
    page.goto(f"/staff/patients/{patient.id}/screenings/{paper.id}/amend/1/1/")
    alice.check_whole("amend")
    page.check("input[name=answer][value='3']")
    page.fill("textarea[name=reason]", "The cross stands at the last box.")
    alice.press("Amend the answer")
    page.wait_for_url("**/screenings/*/")
    expect(page.locator("main")).to_contain_text("Amended by Alice Moore")
    expect(page.locator("main")).to_contain_text("Scores before an answer was amended")
    alice.check_whole("amended")
    row = Administration.objects.get(screening=paper)
    assert row.score.total == 9
    assert row.score.version == 2


def test_paper_form_to_asq_to_amended_answer(
    open_page: Callable[..., Page],
    site: str,
    cast: Cast,
    patient: PatientRow,
) -> None:
    alice = open_patient(open_page(), cast, patient)
    page = alice.page
    begin_by_keys(alice)
    type_the_form(alice)
    episode = Episode.objects.get(patient=patient)
    assert episode.tier == "URGENT", "flagged when it was saved, not when submitted"
    expect(page.locator("main")).to_contain_text("Item 9 answered above zero")
    alice.check_whole("check")
    tab_to(page, "form[action$='/submit/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/screenings/*/")
    expect(page.locator("main")).to_contain_text("Entered by staff, from a paper form")
    assert Score.objects.get(instrument_id="phq-9").total == 7
    ask_the_asq(alice, episode)
    amend_the_first(alice, patient)
