"""Item 9, a call asked for, the database gone, the end, a page to read, and paper."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import OperationalError
from playwright.sync_api import Page, ViewportSize, expect

from core.models import Patient as PatientRow
from screening.models import Flag, WordingReport
from tests.cast import Cast, signed_in
from tests.journeys.steps import Patient, Staff
from tests.support.browser import DESK, PHONE, picture
from tests.support.pdf import page_count

pytestmark = pytest.mark.browser
SMALL: ViewportSize = {"width": 320, "height": 568}


def on_both_sizes(person: Patient | Staff, what: str) -> None:
    """Check a page on a phone in the light, and at a desk in the dark."""
    person.page.set_viewport_size(PHONE)
    person.check(f"{what}-360")
    person.page.set_viewport_size(DESK)
    person.page.emulate_media(color_scheme="dark")
    person.check(f"{what}-1280-dark")
    person.page.emulate_media(color_scheme="light")
    person.page.set_viewport_size(PHONE)


def report_the_first_question(robin: Patient) -> None:
    robin.press("These words are unclear or hurtful")
    robin.page.wait_for_url("**/question/1/1/wording/")
    on_both_sizes(robin, "report")
    robin.press("Send it")
    expect(robin.page.locator("main")).to_contain_text("Choose what is wrong")
    robin.check("report-error")
    robin.page.check("#why-unclear")
    robin.page.fill("#words", "bothered by what?")
    robin.press("Send it")
    robin.page.wait_for_url("**/question/1/1/?**")
    expect(robin.page.locator("main")).to_contain_text("will read it")
    robin.check("reported")


def endorse_item_9(robin: Patient) -> None:
    robin.choose_until(r"/question/1/9/$", 1)
    robin.page.check("#choice-2")
    robin.press("Continue")
    expect(robin.page.locator("h1")).to_have_text("Thank you for telling us")
    on_both_sizes(robin, "safety")


def help_with_the_database_gone(robin: Patient, monkeypatch) -> None:
    """One tap from the safety page to numbers that can be called and written to."""

    def down(*_args, **_kwargs):
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", down)
        robin.page.set_viewport_size(SMALL)
        robin.page.get_by_role("link", name="Get help now").click()
        robin.page.wait_for_url("**/help/")
        for href in ("tel:911", "tel:988", "sms:988", "https://988lifeline.org"):
            expect(robin.page.locator(f'a[href="{href}"]').first).to_be_visible()
        robin.page.get_by_text("What happens when you call a line").click()
        expect(robin.page.get_by_text("They ask everyone.")).to_be_visible()
        on_both_sizes(robin, "help")
        robin.page.goto("/read/4/")
        expect(robin.page.locator("h1")).to_have_text("Looking after yourself")
    robin.page.goto("/help/")


def ask_for_a_call(robin: Patient) -> None:
    robin.press("Ask someone at the clinic to call you")
    robin.page.wait_for_url("**/call/")
    on_both_sizes(robin, "call")
    robin.press("Ask for a call")
    expect(robin.page.locator("h1")).to_have_text("You asked for a call")
    expect(robin.page.locator("main")).to_contain_text("ends in 43")
    robin.check("call-asked")
    robin.press("Back to the questions")
    robin.page.wait_for_url("**/review/")


def read_the_end_and_keep_it(robin: Patient) -> None:
    on_both_sizes(robin, "done")
    main = robin.page.locator("main")
    for words in ("You asked for a call.", "What your answers mean", "not a diagnosis"):
        expect(main).to_contain_text(words)
    robin.press("About sleep")
    robin.page.wait_for_url("**/read/3/")
    on_both_sizes(robin, "read")
    robin.page.get_by_role("link", name="Back", exact=True).click()
    robin.page.wait_for_url("**/done/")
    robin.page.emulate_media(media="print")
    for href in ("tel:911", "tel:988", "sms:988"):
        expect(main.locator(f'a[href="{href}"]').first).to_be_visible()
    expect(main.get_by_text("Something to read")).to_be_hidden()
    # Paper has no place to tap and needs no way to help but the numbers.
    picture(robin.page, f"{robin.name}-done-printed")
    assert page_count(robin.page.pdf(format="Letter")) == 1
    robin.page.emulate_media(media="screen")


def reviewers_read_the_report(liv: Staff, cast: Cast, site: str) -> None:
    session = signed_in(cast.liv).cookies[settings.SESSION_COOKIE_NAME].value
    liv.page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
    )
    liv.page.goto("/staff/wordings/reports/")
    expect(liv.page.locator("main")).to_contain_text("bothered by what?")
    expect(liv.page.locator("main")).not_to_contain_text("Rivera")
    on_both_sizes(liv, "reports")
    liv.press("Mark as seen PHQ-9, question 1")
    expect(liv.page.locator("main")).to_contain_text("Seen by")


def test_help_a_call_the_end_and_what_is_kept_of_it(
    open_page: Callable[..., Page],
    site: str,
    cast: Cast,
    patient: PatientRow,
    invited: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robin = Patient(open_page(), "after")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    report_the_first_question(robin)
    endorse_item_9(robin)
    help_with_the_database_gone(robin, monkeypatch)
    ask_for_a_call(robin)
    robin.page.goto("/question/1/10/")
    robin.choose_until(r"/review/$")
    robin.press("Submit my answers to the clinic")
    robin.page.wait_for_url("**/done/")
    read_the_end_and_keep_it(robin)
    rules = set(Flag.objects.values_list("rule", flat=True))
    assert {"item-9", "call-asked"} <= rules
    assert WordingReport.objects.get().turn.words == "bothered by what?"
    reviewers_read_the_report(Staff(open_page(size=DESK), "reviewer"), cast, site)
