"""One text's page: its story, other words, retiring and vetoing, for whom it is there."""

import pytest
from django.urls import reverse

from core.models import Role
from screening.models import Wording
from tests.cast import Cast, make_user, signed_in
from tests.wordings import BAD, ENERGY, ENERGY_TOO, draft, propose, shipped, sign


def url(text, name: str = "wording") -> str:
    return reverse(f"clinicians:{name}", args=[text.key, text.checksum[:12]])


def test_shipped_text_has_a_page_before_anybody_acted_on_it(cast: Cast):
    page = signed_in(cast.liv).get(url(shipped())).content.decode()
    assert "It came with the product" in page
    assert "Veto" in page
    assert not Wording.objects.exists()


def test_page_tells_the_whole_story(cast: Cast):
    first = propose(cast, origin=Wording.Origin.GENERATED)
    sign(cast, draft())
    propose(cast, ENERGY_TOO, by=cast.liv)
    sign(cast, draft(ENERGY_TOO))
    page = signed_in(cast.alice).get(url(first)).content.decode()
    story = page.partition("History")[2]
    order = [
        "Proposed by a language model",
        "Passed the checks",
        "As clinician",
        "Approved: both have signed",
        "Version 2 was approved.",
    ]
    places = [story.index(words) for words in order]
    assert places == sorted(places)
    assert "Version 2: Approved" in page
    assert "As shipped: Waits for signatures" in page
    assert "Liv Shore" in page


def test_generated_text_names_its_model_and_prompt(cast: Cast):
    row = propose(cast)
    Wording.objects.filter(id=row.id).update(
        model="m-1", prompt_id="paraphrase-1", prompt_hash="ab" * 32
    )
    page = signed_in(cast.alice).get(url(row)).content.decode()
    assert "Model m-1, prompt paraphrase-1 (abababababab)" in page


def test_refused_text_keeps_what_the_checks_said(cast: Cast):
    page = signed_in(cast.alice).get(url(propose(cast, BAD))).content.decode()
    assert "What the checks said when it was proposed" in page
    assert "The two weeks are missing" in page


def test_edit_becomes_the_next_version(cast: Cast):
    sign(cast, shipped())
    response = signed_in(cast.liv).post(
        url(shipped(), "edit-wording"), {"text": f"  {ENERGY}\n"}
    )
    row = Wording.objects.get(text=ENERGY)
    assert response["Location"] == url(row)
    assert (row.version, row.state, row.origin) == (2, "GATED", "WRITTEN")
    assert row.replaces.text == shipped().text
    assert row.events.get(kind="PROPOSED").by == cast.liv


def test_edit_that_fails_the_checks_is_refused_and_not_lost(cast: Cast):
    response = signed_in(cast.alice).post(url(shipped(), "edit-wording"), {"text": BAD})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Nothing was kept" in page
    assert "You should rest" in page
    assert f"{BAD}</textarea>" in page
    assert not Wording.objects.filter(text=BAD).exists()


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_edit_without_usable_text_is_refused(cast: Cast, text):
    response = signed_in(cast.alice).post(
        url(shipped(), "edit-wording"), {"text": text}
    )
    assert response.status_code == 422


def test_edit_into_a_text_that_is_there_says_so(cast: Cast):
    propose(cast)
    response = signed_in(cast.alice).post(
        url(shipped(), "edit-wording"), {"text": ENERGY}
    )
    assert "in the library already" in response.content.decode()


def test_explanation_is_signed_and_vetoed_but_not_edited_here(cast: Cast):
    key = "en/energy/meaning"
    client = signed_in(cast.alice)
    listed = "/staff/wordings/?level=explanation&language=en&page="
    pages = (client.get(f"{listed}{number}") for number in range(1, 9))
    rows = (row for page in pages for row in page.context["rows"])
    row = next(row for row in rows if row.entry.startswith(key))
    page = client.get(row.href).content.decode()
    assert "Write a new version" not in page
    assert client.get(f"{row.href}edit/").status_code == 404
    client.post(f"{row.href}veto/", {"veto-reason": "It blames."})
    assert Wording.objects.get().state == "VETOED"


@pytest.mark.parametrize("who", ["alice", "liv"])
def test_veto_by_either_role_alone_with_a_reason(cast: Cast, who):
    client = signed_in(getattr(cast, who))
    refused = client.post(url(shipped(), "veto-wording"), {"veto-reason": " "})
    assert refused.status_code == 422
    assert not Wording.objects.exists()
    page = client.post(
        url(shipped(), "veto-wording"), {"veto-reason": "It blames."}, follow=True
    ).content.decode()
    assert "No patient is shown this text" in page
    assert "It blames." in page


def test_retire_takes_a_text_out_of_use(cast: Cast):
    sign(cast, shipped())
    page = (
        signed_in(cast.alice)
        .post(url(shipped(), "retire-wording"), {"retire-reason": "Old."}, follow=True)
        .content.decode()
    )
    assert Wording.objects.get().state == "RETIRED"
    assert "Retired" in page


def test_text_never_in_use_is_not_retired(cast: Cast):
    page = (
        signed_in(cast.alice)
        .post(url(shipped(), "retire-wording"), {"retire-reason": "Old."}, follow=True)
        .content.decode()
    )
    assert "Veto it instead" in page


@pytest.mark.parametrize(
    "name", ["wording", "edit-wording", "retire-wording", "veto-wording"]
)
def test_strangers_find_nothing_and_other_roles_are_refused(cast: Cast, name):
    row = propose(cast)
    data = {"text": ENERGY_TOO, "retire-reason": "x", "veto-reason": "x"}
    method = "get" if name == "wording" else "post"
    stranger = getattr(signed_in(cast.charlie), method)
    assert stranger(url(row, name), data).status_code == 404
    for role in (Role.ADMINISTRATOR, Role.FRONT_DESK, Role.AUDITOR):
        other = getattr(signed_in(make_user(cast.clinic, role)), method)
        assert other(url(row, name), data).status_code == 403
    row.refresh_from_db()
    assert (row.state, Wording.objects.count()) == ("GATED", 1)


@pytest.mark.parametrize("name", ["retire-wording", "veto-wording"])
def test_get_changes_nothing(cast: Cast, name):
    assert signed_in(cast.alice).get(url(shipped(), name)).status_code == 405
