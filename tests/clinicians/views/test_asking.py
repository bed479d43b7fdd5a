"""The ASQ from the case: official words, urgent at the answer, English and nothing else."""

import json

import pytest
from django.urls import reverse

from clinicians.definitions import ROOT, asq_policy
from screening import definitions
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError
from screening.domain.rules import Tier
from screening.models import Episode, Screening
from tests.cast import (
    Cast,
    make_episode,
    make_flag,
    make_patient,
    make_screening,
    signed_in,
)
from tests.clinicians.views.entries import Desk
from tests.support.html import check_html


def address(name: str, episode: Episode) -> str:
    return reverse(f"clinicians:{name}", args=[episode.id])


def case(cast: Cast, episode: Episode, who: str = "alice") -> str:
    response = signed_in(getattr(cast, who)).get(address("case", episode))
    page: str = response.content.decode()
    check_html(page)
    return page


def ask(cast: Cast, episode: Episode, mode: str = "PHONE") -> Desk:
    response = signed_in(cast.alice).post(address("ask", episode), {"mode": mode})
    assert response.status_code == 302
    screening = Screening.objects.get(origin="STAFF", status="INVITED")
    desk = Desk(cast.alice, screening)
    assert response.headers["Location"] == desk.url("entry")
    return desk


def test_asq_is_offered_after_item_9_and_asked_in_its_official_words(cast: Cast):
    episode = cast.flagged()
    page = case(cast, episode)
    assert "Ask by telephone" in page
    assert page.count("csrfmiddlewaretoken") == page.count('method="post"')
    desk = ask(cast, episode)
    first = definitions.get("asq", "en").items[0]
    page = desk.see("entry-item", 1, 1)
    assert first.text in page
    assert "Question 1 of 4" in page
    assert desk.screening.mode == "PHONE"


@pytest.mark.parametrize("value", ["1", "declined"])
def test_yes_or_refusal_is_urgent_at_once_and_asks_the_fifth(cast: Cast, value):
    episode = cast.flagged(tier=Tier.HIGH)
    desk = ask(cast, episode)
    desk.say(0, 2, value)
    episode.refresh_from_db()
    assert episode.tier == "URGENT"
    page = desk.see("entry-item", 1, 1)
    assert "Question 1 of 5" in page
    assert "This patient is in the queue now." in page


@pytest.mark.parametrize(
    ("answers", "outcome", "step"),
    [
        ("00000", "Negative screen", "asks for nothing more"),
        ("10000", "Non-acute positive screen", "brief suicide safety assessment"),
        ("10001", "Acute positive screen", "needed at once"),
    ],
)
def test_outcome_stands_on_the_case_with_what_follows(
    cast: Cast, answers, outcome, step
):
    episode = cast.flagged()
    desk = ask(cast, episode)
    for number in range(1, 5):
        desk.say(0, number, answers[number - 1])
    if "1" in answers:
        desk.say(0, 5, answers[4])
    assert desk.post("entry-submit").url == address("case", episode)
    page = case(cast, episode)
    assert outcome in page
    assert step in page
    assert "not yet reviewed by a clinician" in page


@pytest.mark.parametrize("fifth", ["1", "declined"])
def test_acute_answer_shows_its_next_steps_before_any_submit(cast: Cast, fifth):
    now = "Do not leave the patient alone"
    episode = cast.flagged()
    desk = ask(cast, episode)
    for number, value in enumerate(("0", "1", "declined", "0"), 1):
        desk.say(0, number, value)
    assert now not in desk.see("entry-item", 1, 5)
    assert now not in case(cast, episode)
    desk.say(0, 5, fifth)
    assert desk.onward() == desk.url("entry-check")
    assert now in desk.see("entry-check")
    page = case(cast, episode)
    assert now in page
    assert "Go on with this ASQ" in page
    said = {"1": "Yes (1)", "declined": "Preferred not to answer"}[fifth]
    glance = f"Item 5: {said}; Item 2: Yes (1); Item 3: Preferred not to answer"
    assert f"<p>{glance}</p>" in page
    desk.post("entry-discard")
    assert now in case(cast, episode)


def test_acute_answer_taken_back_asks_for_nothing_acute(cast: Cast):
    episode = cast.flagged()
    desk = ask(cast, episode)
    for number, value in enumerate("100010", 1):
        desk.say(0, min(number, 5), value)
    assert "Do not leave the patient alone" not in desk.see("entry-check")


def test_asq_that_was_begun_is_gone_on_with_not_begun_again(cast: Cast):
    episode = cast.flagged()
    desk = ask(cast, episode)
    page = case(cast, episode)
    assert "Go on with this ASQ" in page
    assert "Ask by telephone" not in page
    signed_in(cast.alice).post(address("ask", episode), {"mode": "PHONE"})
    assert Screening.objects.filter(origin="STAFF").count() == 1
    desk.post("entry-discard")
    page = case(cast, episode)
    assert "no outcome" in page
    assert "Ask by telephone" in page


def test_spanish_speaking_patient_is_offered_nothing_translated(cast: Cast):
    episode = cast.flagged()
    episode.patient.language = "es-US"
    episode.patient.save()
    page = case(cast, episode)
    assert "ASQ is here in English only" in page
    assert "Nothing is translated here" in page
    desk = ask(cast, episode)
    assert desk.screening.language == "en"
    assert 'lang="es' not in desk.see("entry-item", 1, 1)


def test_english_speaking_patient_has_no_such_notice(cast: Cast):
    assert "in English only" not in case(cast, cast.flagged())


def test_the_clinics_own_safety_plan_is_linked(cast: Cast):
    episode = cast.flagged()
    assert "no link to its safety plan" in case(cast, episode)
    cast.clinic.safety_plan_url = "https://clinic.example/plan"
    cast.clinic.save()
    assert 'href="https://clinic.example/plan"' in case(cast, episode)


def test_asq_has_no_place_on_a_case_that_it_does_not_follow(cast: Cast):
    screening = make_screening(make_patient(cast.clinic))
    episode = make_episode(screening.patient, tier=Tier.ROUTINE)
    make_flag(episode, screening, rule="phq-9-cut")
    assert 'id="asq"' not in case(cast, episode)
    response = signed_in(cast.alice).post(address("ask", episode), {"mode": "PHONE"})
    assert response.status_code == 409
    assert not Screening.objects.filter(origin="STAFF").exists()


@pytest.mark.parametrize("mode", ["", "PAPER", "MAIL"])
def test_asq_is_asked_aloud(cast: Cast, mode):
    episode = cast.flagged()
    response = signed_in(cast.alice).post(address("ask", episode), {"mode": mode})
    assert response.status_code == 409
    assert "by telephone or in person" in response.content.decode()
    assert not Screening.objects.filter(origin="STAFF").exists()


@pytest.mark.parametrize(
    ("who", "status"), [("charlie", 404), ("fred", 403), ("ada", 403)]
)
def test_stranger_and_wrong_role_ask_nothing(cast: Cast, who, status):
    client = signed_in(getattr(cast, who))
    url = address("ask", cast.flagged())
    assert client.post(url, {"mode": "PHONE"}).status_code == status
    assert signed_in(cast.alice).get(url).status_code == 405


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"after": ["item-99"]}, "no such rule"),
        ({"next": {"acute": []}}, "missing"),
        (
            {
                "next": {
                    "acute": [],
                    "non_acute": ["a"],
                    "negative": ["a"],
                    "none": ["a"],
                }
            },
            "at least one",
        ),
    ],
)
def test_asq_file_that_cannot_be_used_is_refused(tmp_path, change, why):
    data = {**read_json(ROOT / "asq.json", ROOT), **change}
    (tmp_path / "asq.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(DefinitionError, match=why):
        asq_policy.__wrapped__(tmp_path)
