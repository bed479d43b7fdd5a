"""From every question there is a way to say that its words are unclear or hurtful."""

from screening import definitions
from screening.models import Flag, Screening, WordingReport
from tests.screening.views.conftest import Visitor

LINK = "These words are unclear or hurtful"


def test_official_wording_is_reported_and_the_question_comes_back(asked: Visitor):
    asked.get("/question/1/1/")
    assert LINK in asked.text
    asked.get("/question/1/1/wording/")
    assert "They are not told who you are." in asked.text
    asked.post(why="UNCLEAR", words="bothered by what?")
    assert asked.path == "/question/1/1/"
    assert "The people who check our words will read it." in asked.text
    row = WordingReport.objects.get()
    assert (row.where, row.text) == (
        "OFFICIAL",
        "Little interest or pleasure in doing things",
    )
    assert row.turn.words == "bothered by what?"


def test_what_stood_beneath_is_reported_as_it_stood(asked: Visitor, clinic):
    clinic.wording_policy = "gated"
    clinic.save()
    asked.get("/question/1/4/?more=plainer")
    assert 'href="/question/1/4/wording/?more=plainer"' in asked.text
    asked.get("/question/1/4/wording/?more=plainer")
    assert "The words beneath it" in asked.text
    asked.post(where="BENEATH", why="HURTFUL")
    row = WordingReport.objects.get()
    assert (row.where, row.why) == ("BENEATH", "HURTFUL")
    assert row.text
    assert row.shown_as.startswith("en/")
    assert row.text != definitions.get("phq-9", "en").items[3].text


def test_nothing_chosen_is_asked_for_and_what_was_typed_stays(asked: Visitor):
    asked.get("/question/1/2/wording/").post(words="hm")
    assert asked.page.status_code == 422
    assert "Choose what is wrong with the words." in asked.text
    assert ">hm</textarea>" in asked.text
    asked.post(why="UNCLEAR", words="hm")
    assert WordingReport.objects.count() == 1


def test_crisis_words_lead_to_help_also_from_an_unfinished_report(asked: Visitor):
    for chosen in ({"why": "HURTFUL"}, {}):
        asked.get("/question/1/2/wording/")
        asked.post(words="I want to kill myself", **chosen)
        assert "Thank you for telling us" in asked.text
    assert set(Flag.objects.values_list("rule", flat=True)) == {"crisis-words-urgent"}
    assert asked.get("/question/1/2/").page.status_code == 200


def test_report_on_a_page_that_was_switched_meanwhile_is_read_again_first(
    asked: Visitor,
):
    asked.get("/question/1/2/wording/")
    asked.client.post("/language/", {"to": "es-US", "next": "/start/"})
    asked.post(why="UNCLEAR", words="what is down?")
    assert asked.page.status_code == 422
    assert "están ahora en otro idioma" in asked.text
    assert ">what is down?</textarea>" in asked.text
    assert not WordingReport.objects.exists()
    asked.post(why="UNCLEAR", words="what is down?")
    row = WordingReport.objects.get()
    assert (row.language, row.turn.words) == ("es-US", "what is down?")
    assert row.text.startswith("Se ha sentido decaído")


def test_crisis_words_in_a_report_left_open_after_the_end_are_heard_too(
    asked: Visitor, screening
):
    asked.get("/question/1/2/wording/")
    page, path = asked.page, asked.path
    rows = Screening.objects.filter(id=screening.id)
    rows.update(status=Screening.Status.EXPIRED)
    for words, there in (("what is down?", "/ended/"), ("I want to kill myself", path)):
        asked.page, asked.path = page, path
        assert asked.post(why="HURTFUL", words=words).path == there
    assert "988" in asked.text
    assert [flag.rule for flag in Flag.objects.all()] == ["crisis-words-urgent"]
    assert not WordingReport.objects.exists()
    # Before consent there is no such page, and nothing is kept of it.
    rows.update(status=Screening.Status.INVITED, consented_at=None)
    asked.page, asked.path = page, path
    assert asked.post(why="HURTFUL", words="I want to kill myself").path == "/start/"


def test_no_such_question_has_no_such_page(asked: Visitor):
    assert asked.client.get("/question/1/99/wording/").status_code == 404


def test_item_9_has_the_link_too_and_its_words_stay_official(asked: Visitor):
    asked.get("/question/1/9/")
    assert LINK in asked.text
    asked.get("/question/1/9/wording/").post(why="HURTFUL")
    assert WordingReport.objects.get().where == "OFFICIAL"
