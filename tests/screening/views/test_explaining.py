"""After a question: the reviewed text, or a choice of them, and "none of these"."""

import html
import re
import uuid

import pytest

from core.models import Clinic
from screening import definitions, engine
from screening.domain.asking import INTENTS
from screening.engine.explaining import NONE
from screening.language import explanations, questions, wording
from screening.models import Answer, Turn
from tests.screening.views.conftest import Visitor

Q4 = "/question/1/4/"
EXPLAIN = f"{Q4}explain/"
ASKED = "Does it count if I had the flu?"


def text(kind: str, language: str = "en") -> wording.HelpText:
    phq = definitions.get("phq-9", language)
    found = wording.text(phq.item("/44254-1"), phq, kind)
    assert found is not None
    return found


def beneath(visitor: Visitor) -> str:
    page = html.unescape(visitor.text)
    return page.partition('id="beneath"')[2].partition("</div>")[0]


def offered(visitor: Visitor) -> list[str]:
    return re.findall(r'name="pick" value="(\w+)"', visitor.text)


def pick(visitor: Visitor, kind: str) -> Visitor:
    of = re.findall(r'name="of" value="([^"]+)"', visitor.text)[0]
    return visitor.post(EXPLAIN, of=of, pick=kind)


@pytest.fixture
def open_shelf(asked: Visitor) -> Visitor:
    Clinic.objects.update(wording_policy="gated")
    return asked.get(Q4)


@pytest.fixture
def unsure(open_shelf: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A question that could be of three kinds."""
    found = questions.Asked(INTENTS[4:] + INTENTS[:4], by_rule=("cause",), known=True)
    monkeypatch.setattr(questions, "read", lambda *given: found)
    return open_shelf.post(words=ASKED)


def test_the_text_that_fits_stands_beneath_the_official_question(
    open_shelf: Visitor,
) -> None:
    open_shelf.post(words=ASKED)
    assert text("cause").text in beneath(open_shelf)
    assert "How to read this question" in beneath(open_shelf)
    assert "Feeling tired or having little energy" in open_shelf.text
    assert ASKED in html.unescape(open_shelf.text)
    assert open_shelf.text.count('name="choice"') == 5


def test_what_was_read_goes_with_the_answer(open_shelf: Visitor) -> None:
    open_shelf.post(words=ASKED).answer(2)
    shown = Answer.objects.get().shown
    assert shown["wordings"] == [text("cause").shown_as]
    assert shown["texts"] == {text("cause").shown_as: text("cause").text}
    turn = Turn.objects.get(kind=Turn.Kind.WORDS)
    assert turn.reply == text("cause").text
    assert turn.interpretation["shown"] == "cause"


def test_other_meanings_are_offered_beside_the_text(open_shelf: Visitor) -> None:
    open_shelf.post(words=ASKED)
    assert offered(open_shelf)[-1] == NONE
    assert "cause" not in offered(open_shelf)


def test_unsure_means_a_choice_and_no_text(unsure: Visitor) -> None:
    assert offered(unsure) == ["cause", "either_part", "usual", NONE]
    for kind in ("cause", "either_part", "usual"):
        assert explanations.label(kind, "en") in beneath(unsure)
        assert text(kind).text not in beneath(unsure)


def test_what_is_picked_is_shown_kept_and_goes_with_the_answer(unsure: Visitor) -> None:
    pick(unsure, "usual")
    assert text("usual").text in beneath(unsure)
    assert ASKED in html.unescape(unsure.text)
    assert offered(unsure) == ["cause", "either_part", NONE]
    turn = Turn.objects.get(kind=Turn.Kind.ASK)
    assert (turn.reply, turn.words) == (
        text("usual").text,
        explanations.label("usual", "en"),
    )
    unsure.answer(1)
    assert Answer.objects.get().shown["wordings"] == [text("usual").shown_as]


def test_picking_twice_is_one_turn(unsure: Visitor) -> None:
    of = re.findall(r'name="of" value="([^"]+)"', unsure.text)[0]
    for _ in range(2):
        unsure.post(EXPLAIN, of=of, pick="usual")
        assert text("usual").text in beneath(unsure)
    assert Turn.objects.filter(kind=Turn.Kind.ASK).count() == 1


def test_none_of_these_says_what_is_asked_and_names_a_person(unsure: Visitor) -> None:
    Clinic.objects.update(phone="202-555-0100")
    pick(unsure, NONE)
    assert explanations.note("unmatched", "en").text in beneath(unsure)
    assert text("meaning").text in beneath(unsure)
    assert "202-555-0100" in beneath(unsure)
    assert offered(unsure) == []


@pytest.mark.parametrize("kind", ["privacy", "diagnosis", "plainer", "x" * 30, ""])
def test_what_was_not_offered_cannot_be_picked(unsure: Visitor, kind: str) -> None:
    pick(unsure, kind)
    assert unsure.path == Q4
    assert beneath(unsure) == ""
    assert not Turn.objects.filter(kind=Turn.Kind.ASK).exists()


def test_another_turn_cannot_be_picked_from(unsure: Visitor) -> None:
    unsure.post(EXPLAIN, of=str(uuid.uuid4()), pick="usual")
    assert unsure.path == Q4
    unsure.post(EXPLAIN, of="no-id", pick="usual")
    assert unsure.path == Q4


def test_a_get_picks_nothing(unsure: Visitor) -> None:
    assert unsure.client.get(EXPLAIN).status_code == 405


def test_an_older_session_picks_nothing(unsure: Visitor) -> None:
    turn = Turn.objects.get(kind=Turn.Kind.WORDS)
    claim = engine.Claim(screening_id=turn.screening_id, nonce="older")
    with pytest.raises(LookupError):
        engine.pick(claim, turn.id, "usual", at=turn.at)
    assert not Turn.objects.filter(kind=Turn.Kind.ASK).exists()


def test_unsigned_texts_are_neither_shown_nor_offered(unsure: Visitor) -> None:
    Clinic.objects.update(wording_policy="approved")
    unsure.get(Q4).post(words=ASKED)
    assert "has not approved" in beneath(unsure)
    assert offered(unsure) == []


def test_item_9_is_not_explained(open_shelf: Visitor) -> None:
    open_shelf.get("/question/1/9/").post(words="What does this mean?")
    assert "only in its exact words" in beneath(open_shelf)
    assert offered(open_shelf) == []


def test_a_statement_that_asks_is_answered(open_shelf: Visitor) -> None:
    open_shelf.get("/question/1/7/").post(words="I don't read newspapers")
    assert "only examples" in beneath(open_shelf)
