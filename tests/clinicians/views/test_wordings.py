"""The list of wordings: beside the official text, filtered, and signed in two steps."""

from html import unescape

import pytest
from django.urls import reverse

from clinicians.presenters.wordings import page_of
from core.models import AuditEvent, Role
from screening import actions
from screening.actions import signed
from screening.models import WordingSignOff
from tests.cast import NOW, Cast, make_user, signed_in
from tests.wordings import BAD, ENERGY, draft, propose, shipped, sign

# Two levels and the explanations, in two languages; item 9 and the ASQ have none.
SHIPPED = 404
URL = "/staff/wordings/"
SIGN = "/staff/wordings/sign/"


def entry(text) -> str:
    return f"{text.key}@{text.checksum}"


def listed(client, query: str = "") -> list[str]:
    """The texts that a filter leaves, those of later pages too."""
    page = client.get(f"{URL}?{query}")
    return [entry.stand.text for entry in page.context["shown"].paginator.object_list]


def test_every_text_is_on_one_of_the_pages(cast: Cast):
    client = signed_in(cast.liv)
    pages = client.get(URL).context["shown"].paginator.num_pages
    rows: list[str] = []
    for number in range(1, pages + 1):
        page = client.get(f"{URL}?page={number}")
        rows += [row.text for row in page.context["rows"]]
        assert rows[-1] in unescape(page.content.decode())
    assert rows == listed(client)


def test_page_shows_official_text_the_state_of_the_text_and_where_it_is_used(
    cast: Cast,
):
    page = signed_in(cast.liv).get(f"{URL}?instrument=phq-2").content.decode()
    assert "Little interest or" in page
    assert "PHQ-9, PHQ-2, PHQ-4, PHQ-8" in page
    assert "Written by the project, awaiting your clinic’s sign-off" in page
    assert "Waits for signatures" in page


def test_state_of_a_shipped_text_follows_what_the_clinic_made_of_it(cast: Cast):
    text = shipped()
    url = page_of(text.key, text.checksum)
    sign(cast, text, cast.alice)
    once = signed_in(cast.liv).get(url).content.decode()
    assert "awaiting your clinic’s sign-off" in once
    sign(cast, text, cast.liv)
    page = signed_in(cast.liv).get(url).content.decode()
    assert "Written by the project, signed by your clinic" in page
    assert "awaiting" not in page


def test_no_question_that_is_never_worded_is_listed(cast: Cast):
    client = signed_in(cast.liv)
    assert len(listed(client)) == SHIPPED
    assert (
        "better off dead" not in client.get(f"{URL}?instrument=phq-9").content.decode()
    )
    assert "asq" not in client.get(URL).context["wanted"].choices[0].options


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("instrument=phq-2", 25),  # it has no official Spanish text
        ("instrument=gad-7&language=en", 100),
        ("language=es&level=easy", 16),
        ("level=explanation", SHIPPED - 2 * 2 * 16),
        ("state=APPROVED", 0),
        ("state=GATED", SHIPPED),
        ("state=to-sign", SHIPPED),
    ],
)
def test_filters_narrow_the_list(cast: Cast, query, count):
    assert len(listed(signed_in(cast.alice), query)) == count


def test_filter_that_is_not_understood_is_said(cast: Cast):
    page = signed_in(cast.alice).get(f"{URL}?state=<b>&language=es")
    assert "is not known under “State”" in page.content.decode()
    assert page.context["found"] == SHIPPED // 2


def test_nothing_is_ticked_beforehand(cast: Cast):
    page = signed_in(cast.alice).get(URL).content.decode()
    assert 'type="checkbox"' in page
    assert " checked" not in page


def test_ticking_alone_signs_nothing(cast: Cast):
    response = signed_in(cast.alice).post(SIGN, {"wording": [entry(shipped())]})
    page = response.content.decode()
    assert "Nothing is signed yet" in page
    assert "Sign 1 text<" in page
    assert not WordingSignOff.objects.exists()


def test_confirmed_signatures_of_both_roles_approve(cast: Cast):
    chosen = [shipped(), shipped("sleep")]
    data = {
        "wording": [entry(text) for text in chosen],
        "confirmed": "yes",
        "here": "state=to-sign",
    }
    response = signed_in(cast.alice).post(SIGN, data)
    assert response["Location"] == f"{URL}?state=to-sign"
    assert signed(cast.clinic.id) == set()
    page = signed_in(cast.liv).post(SIGN, data, follow=True).content.decode()
    assert "2 texts signed." in page
    assert signed(cast.clinic.id) == {(text.key, text.checksum) for text in chosen}
    assert AuditEvent.objects.filter(kind="WORDING_SIGNED").count() == 4
    page = signed_in(cast.alice).get(f"{URL}?state=APPROVED").content.decode()
    assert "Clinician: Alice Moore" in page
    assert "Liv Shore" in page


def test_text_that_changed_meanwhile_is_not_signed(cast: Cast):
    data = {"wording": [f"{shipped().key}@{'0' * 64}"], "confirmed": "yes"}
    page = signed_in(cast.alice).post(SIGN, data, follow=True).content.decode()
    assert "Some texts changed meanwhile" in page
    assert not WordingSignOff.objects.exists()


def test_text_vetoed_meanwhile_is_refused_and_the_others_are_signed(cast: Cast):
    actions.veto(clinic=cast.clinic, draft=shipped(), reason="No.", by=cast.liv, at=NOW)
    data = {
        "wording": [entry(shipped()), entry(shipped("sleep"))],
        "confirmed": "yes",
    }
    page = signed_in(cast.alice).post(SIGN, data, follow=True).content.decode()
    assert "It is never shown again" in page
    assert "1 text signed." in page


def test_nothing_ticked_is_said(cast: Cast):
    page = signed_in(cast.alice).post(SIGN, {}, follow=True).content.decode()
    assert "Tick what you have read" in page


@pytest.mark.parametrize("here", ["a b", "\r\nX: y", "é"])
def test_address_to_return_to_is_ours_only(cast: Cast, here):
    response = signed_in(cast.alice).post(SIGN, {"here": here})
    assert response["Location"] == URL


def test_text_that_failed_the_checks_cannot_be_ticked_and_says_why(cast: Cast):
    propose(cast, BAD)
    response = signed_in(cast.alice).get(f"{URL}?state=PROPOSED")
    page = response.content.decode()
    assert "The checks of today refuse this text" in page
    assert "Not allowed: advice: “You should" in page
    assert 'type="checkbox"' not in page
    assert "Sign what is ticked" not in page


def test_second_reader_of_the_same_role_has_nothing_to_tick(cast: Cast):
    sign(cast, shipped(), cast.alice)
    assert shipped().text not in listed(signed_in(cast.bob), "state=to-sign")
    assert shipped().text in listed(signed_in(cast.liv), "state=to-sign")


def test_another_clinics_texts_are_not_there(cast: Cast):
    propose(cast)
    assert ENERGY in listed(signed_in(cast.bob))
    assert ENERGY not in listed(signed_in(cast.charlie))
    data = {"wording": [entry(draft())], "confirmed": "yes"}
    signed_in(cast.charlie).post(SIGN, data)
    assert not WordingSignOff.objects.exists()


MAY = [
    (Role.CLINICIAN, 200),
    (Role.SUPERVISOR, 200),
    (Role.WORDING_REVIEWER, 200),
    (Role.LIVED_EXPERIENCE, 200),
    (Role.ADMINISTRATOR, 403),
    (Role.FRONT_DESK, 403),
    (Role.AUDITOR, 403),
]


@pytest.mark.parametrize(("role", "status"), MAY)
@pytest.mark.parametrize("name", ["wordings", "import-wordings", "wording-runs"])
def test_pages_are_for_the_reviewers(cast: Cast, role, status, name):
    client = signed_in(make_user(cast.clinic, role))
    assert client.get(reverse(f"clinicians:{name}")).status_code == status


@pytest.mark.parametrize("method", ["get", "put"])
def test_signing_takes_a_post(cast: Cast, method):
    assert getattr(signed_in(cast.alice), method)(SIGN).status_code == 405
