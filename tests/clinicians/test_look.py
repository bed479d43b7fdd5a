"""Every page for staff in a real browser: accessible, and whole on a phone and a desk."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from clinicians.actions import claim, note
from clinicians.workflow import TOP
from core.models import User
from screening.domain.rules import Tier
from tests.cast import NOW, Cast, make_cast, make_patient, make_screening, signed_in
from tests.support.browser import DESK, PHONE, at_sizes, axe, picture

pytestmark = [pytest.mark.browser]


@pytest.fixture
def cast(site: str) -> Cast:
    return make_cast()


def visit(page: Page, user: User, address: str) -> None:
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
    page.goto("/livez")
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": page.url}]
    )
    page.goto(address)


def case_in_hand(cast: Cast) -> str:
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    note(episode=episode, text="Rang at ten. No answer.", by=cast.alice, at=NOW)
    return reverse("clinicians:case", args=[episode.id])


def full_queue(cast: Cast) -> str:
    for tier in Tier:
        cast.flagged(tier, ladder_step=TOP)
    case_in_hand(cast)
    return reverse("clinicians:queue")


def one_patient(cast: Cast) -> str:
    screening = make_screening(make_patient(cast.clinic), "phq-9", "gad-7")
    return reverse("clinicians:patient", args=[screening.patient_id])


def invite_page(cast: Cast) -> str:
    patient = make_patient(cast.clinic, email="robin@example.org")
    return reverse("clinicians:invite", args=[patient.id])


def plain(name: str) -> Callable[[Cast], str]:
    return lambda _cast: reverse(f"clinicians:{name}")


PAGES: list[tuple[str, str, Callable[[Cast], str]]] = [
    ("queue", "alice", full_queue),
    ("case", "alice", case_in_hand),
    ("patients", "alice", lambda cast: (one_patient(cast), plain("patients")(cast))[1]),
    ("patient", "alice", one_patient),
    ("new-patient", "fred", plain("new-patient")),
    ("import", "fred", plain("import")),
    ("invite", "fred", invite_page),
    ("team", "ada", plain("team")),
    ("settings", "ada", plain("settings")),
    ("wordings", "liv", plain("wordings")),
]


@pytest.mark.parametrize(("name", "who", "address"), PAGES, ids=[p[0] for p in PAGES])
def test_page_is_accessible_and_fits(cast: Cast, open_page, name, who, address):
    page = open_page()
    visit(page, getattr(cast, who), address(cast))
    for closed in page.locator("main details > summary").all():
        closed.click()
    for size in at_sizes(page, PHONE, DESK):
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        picture(page, f"staff-{name}-{size['width']}")
        assert width <= size["width"]


def test_link_is_shown_and_printed_whole(cast: Cast, open_page):
    page = open_page(size=DESK)
    visit(page, cast.fred, invite_page(cast))
    page.get_by_role("button", name="Make the link").click()
    page.get_by_label("Link", exact=True).wait_for()
    axe(page)
    picture(page, "staff-invitation")
    page.emulate_media(media="print")
    picture(page, "staff-invitation-print")
    assert page.locator("figure svg").bounding_box()["width"] > 100
