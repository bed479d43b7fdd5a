"""The patient's path from link to end page, as a browser without JavaScript."""

import html
import re
from datetime import timedelta

import pytest

from core.models import Clinic
from screening import definitions
from screening.actions import Invited
from screening.models import Answer, Invitation, Score, Screening
from tests.screening.views.conftest import Visitor

NONCE = re.compile(r' nonce="[^"]*"')


def test_looking_at_a_link_uses_nothing_up(visitor: Visitor, invited: Invited) -> None:
    for _ in range(3):
        assert visitor.get(f"/i/{invited.token}/").page.status_code == 200
    assert Invitation.objects.get().opened_at is None


def test_token_is_in_no_address_after_the_first(
    visitor: Visitor, invited: Invited
) -> None:
    visitor.get(f"/i/{invited.token}/").post()
    assert visitor.path == "/check/"
    assert invited.token not in visitor.text


def test_wrong_birth_date_is_said_and_counted(
    visitor: Visitor, invited: Invited
) -> None:
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="16", year="1990")
    assert visitor.page.status_code == 422
    assert "does not match" in visitor.text
    assert Invitation.objects.get().tries == 1


@pytest.mark.parametrize("day", ["", "x", "31", "0"])
def test_unreadable_birth_date_is_not_counted(
    visitor: Visitor, invited: Invited, day: str
) -> None:
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="2", day=day, year="1990")
    assert visitor.page.status_code == 422
    assert Invitation.objects.get().tries == 0


def test_five_wrong_tries_lock_the_link(visitor: Visitor, invited: Invited) -> None:
    for _ in range(5):
        visitor.get(f"/i/{invited.token}/").post()
        visitor.post(month="1", day="16", year="1990")
    assert visitor.page.status_code == 404
    assert Invitation.objects.get().locked_at is not None
    assert visitor.get(f"/i/{invited.token}/").page.status_code == 404


def test_whole_path_ends_with_thanks_and_no_diagnosis(asked: Visitor) -> None:
    assert asked.path == "/question/1/1/"
    while asked.path.startswith("/question/"):
        asked.answer(0)
    assert asked.path == "/review/"
    asked.post()
    assert asked.path == "/done/"
    assert Screening.objects.get().status == Screening.Status.COMPLETED
    assert [score.total for score in Score.objects.all()] == [0, 0]
    assert "diagnos" not in asked.text.lower().replace("not a diagnosis", "")


def test_question_shows_official_words_and_options(asked: Visitor) -> None:
    text = html.unescape(asked.text)
    assert "Little interest or pleasure in doing things" in text
    assert "Over the last 2 weeks, how often have you been bothered" in text
    for option in (
        "Not at all",
        "Several days",
        "More than half the days",
        "Nearly every day",
    ):
        assert f"<span>{option}</span>" in text
    assert " checked" not in text


def test_item_9_above_zero_shows_help_in_the_same_response(asked: Visitor) -> None:
    while asked.path != "/question/1/9/":
        asked.answer(0)
    asked.answer(1)
    assert asked.page.redirect_chain == []
    assert "Thank you for telling us" in asked.text
    assert 'href="tel:988"' in asked.text
    assert 'href="/question/1/10/"' in asked.text


def test_nothing_chosen_is_said_at_summary_and_field(asked: Visitor) -> None:
    asked.post()
    assert asked.page.status_code == 422
    assert "<title>Error: Question 1 of" in asked.text
    assert asked.text.count("Choose the answer that fits best") >= 2
    assert 'href="#choice-1"' in asked.text


def test_same_mistake_again_is_met_with_other_words(asked: Visitor) -> None:
    asked.post().post()
    assert asked.page.status_code == 422
    assert asked.text.count("Choose the one that comes closest") == 2
    assert "Choose the answer that fits best" not in asked.text
    asked.answer(1).post()  # another question begins anew
    assert "Choose the answer that fits best" in asked.text


def test_unknown_option_is_refused_with_a_sentence(asked: Visitor) -> None:
    for choice in ("7", "-1", "abc", "0.5", "²"):
        assert asked.get("/question/1/1/").answer(choice).page.status_code == 422
    assert not Answer.objects.exists()


def test_back_shows_the_earlier_answer_selected(asked: Visitor) -> None:
    asked.answer(2).get("/question/1/1/")
    assert 'value="2" id="choice-3" checked' in asked.text


def test_change_from_the_review_page_returns_to_it(asked: Visitor) -> None:
    while asked.path.startswith("/question/"):
        asked.answer(0)
    asked.get("/question/2/7/").answer(0)
    assert asked.path == "/review/"


def test_done_page_after_submit_refuses_more_answers(asked: Visitor) -> None:
    while asked.path.startswith("/question/"):
        asked.answer(0)
    asked.post()
    page = asked.client.post(
        "/question/1/1/", {"key": "0.x", "link_id": "/44250-9", "choice": "3"}
    )
    assert page["Location"] == "/done/"
    assert set(Answer.objects.values_list("value", flat=True)) == {0}


def test_minor_is_led_to_a_person(visitor: Visitor, invited: Invited) -> None:
    visitor.get(f"/i/{invited.token}/").post()
    visitor.post(month="1", day="15", year="1990")
    visitor.get("/age/").post(adult="no")
    assert visitor.path == "/age/help/"
    assert "202-555-0100" in visitor.text


def test_exit_ends_the_session_by_get(asked: Visitor) -> None:
    page = asked.client.get("/exit/")
    assert page.status_code == 302
    assert "storage" in page["Clear-Site-Data"]
    assert asked.get("/question/1/1/").page.status_code == 404


def test_newer_opening_ends_the_older_session(asked: Visitor, invited: Invited) -> None:
    other = Visitor()
    other.get(f"/i/{invited.token}/").post()
    other.post(month="1", day="15", year="1990")
    assert other.path == "/start/"
    assert asked.get("/question/1/1/").page.status_code == 404


def test_dead_ends_are_one_indistinguishable_page(
    visitor: Visitor, invited: Invited
) -> None:
    pages = [visitor.get(f"/i/{'x' * 43}/").page, visitor.get("/question/1/1/").page]
    past = invited.invitation.created_at
    for dead_end in ("expires_at", "revoked_at", "locked_at"):
        Invitation.objects.update(**{dead_end: past})
        pages.append(visitor.get(f"/i/{invited.token}/").page)
        Invitation.objects.update(
            expires_at=past + timedelta(days=7), revoked_at=None, locked_at=None
        )
    assert visitor.get(f"/i/{invited.token}/").page.status_code == 200
    assert {page.status_code for page in pages} == {404}
    assert len({NONCE.sub("", page.content.decode()) for page in pages}) == 1


def test_definition_file_taken_away_while_in_use_harms_nobody(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object) -> None:
        raise definitions.DefinitionMissing("The file is gone.")

    asked.answer(2)
    monkeypatch.setattr(definitions, "get", gone)
    monkeypatch.setattr(definitions, "load_all", dict)
    while asked.path.startswith("/question/"):
        asked.answer(0)
    asked.post()
    assert asked.path == "/done/"
    assert Score.objects.get(instrument_id="phq-9").total == 2


def test_clinics_phone_on_the_last_page_is_one_unbroken_link(asked: Visitor) -> None:
    Clinic.objects.update(phone="202-555-0100")
    while asked.path.startswith("/question/"):
        asked.answer(0)
    asked.post()
    link = '<a class="nowrap" href="tel:202-555-0100">202-555-0100</a>'
    assert asked.path == "/done/"
    assert asked.text.count("202-555-0100") == 2
    assert link in asked.text


def test_help_page_needs_no_database(client, monkeypatch) -> None:
    page = client.get("/help/")
    assert page.status_code == 200
    assert 'href="tel:911"' in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/help/", "/ended/"])
def test_open_pages_are_not_cached(client, path: str) -> None:
    assert "no-store" in client.get(path)["Cache-Control"]
