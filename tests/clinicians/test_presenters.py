"""What pages say: answers with their story, scores with what is missing, times in words."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clinicians.presenters import answers, people, scores, times
from clinicians.presenters.patients import link_state, patient_view
from clinicians.presenters.wordings import texts_by_key
from core.models import Patient
from screening import definitions
from screening.actions.opening import is_live
from screening.domain.instruments import Instrument
from screening.language import wording
from screening.models import Answer, Flag, Invitation, Score, Screening, Turn
from tests.cast import NOW, Cast, make_patient, make_screening

ZONE = ZoneInfo("America/New_York")


def phq9() -> Instrument:
    return definitions.get("phq-9", "en")


def sources(*, given: list[Answer], said: list[Turn]) -> answers.Sources:
    return answers.Sources(
        instrument=phq9(),
        answers=given,
        turns=said,
        wordings=texts_by_key(phq9()),
        zone=ZONE,
    )


def turn(to: str, **fields) -> Turn:
    outcome = {"to": to, "values": [], "note": "", **fields.pop("outcome", {})}
    return Turn(
        link_id=phq9().items[0].link_id, kind="WORDS", outcome=outcome, at=NOW, **fields
    )


@pytest.mark.parametrize(
    ("said", "came_of_it"),
    [
        (
            turn("confirm", outcome={"values": [1]}),
            "understood it right: Several days (1)",
        ),
        (turn("confirm"), "understood it right: Preferred not to answer"),
        (
            turn("confirm", outcome={"values": [2], "note": "model"}),
            "right (read by a language model): More than half the days (2)",
        ),
        (turn("again"), "asked the question again"),
        (
            turn("clarified", outcome={"note": "model"}),
            "explained the question by a language model",
        ),
        (
            turn("clarified", outcome={"note": "reviewed"}),
            "explained the question in our own words",
        ),
        (turn("safety"), "showed the help page"),
        (turn(""), "Nothing was made of it yet"),
    ],
)
def test_saying_tells_what_came_of_it(said: Turn, came_of_it: str):
    row = answers.item_rows(sources(given=[], said=[said]))[0]
    assert came_of_it in row.sayings[0].came_of_it


def test_answer_shows_what_stood_beneath_the_question():
    item = phq9().items[0]
    text = wording.plainer(item, phq9())
    assert text is not None
    explained = turn("clarified", reply="It means most days.")
    keys = [
        f"{text.key}@{text.checksum[:12]}",
        f"turn:{explained.id}",
        "turn:nonsense",
        "note:none",
        "old@000000000000",
    ]
    given = Answer(
        link_id=item.link_id,
        value=1,
        seq=1,
        origin="TAPPED",
        shown={"wordings": keys},
        at=NOW,
    )
    row = answers.item_rows(sources(given=[given], said=[explained]))[0]
    assert row.answer is not None
    assert list(row.answer.shown) == [
        f"Shown beneath: {text.text}",
        "Explained by a language model: It means most days.",
        f"Explained by a language model: {people.UNREADABLE}",
        answers.NOTES["none"],
        "Shown beneath: wording old@000000000000",
    ]


def test_value_that_the_questionnaire_does_not_have_is_shown_as_it_is():
    assert answers.answer_text(phq9().items[0], 7) == "(7)"


def score(**fields) -> Score:
    detail = {
        "band": None,
        "missing": [],
        "algorithm": None,
        **fields.pop("detail", {}),
    }
    given = {"total": None, "complete": False, "at_cut": None, **fields}
    return Score(instrument_id="phq-9", detail=detail, **given)


def test_score_names_the_missing_items_and_gives_no_total():
    missing = [phq9().items[2].link_id]
    card = scores.score_card(phq9(), score(detail={"missing": missing}))
    assert (card.total, card.note) == (None, "No answer to item 3. There is no total.")


def test_estimated_score_says_so():
    missing = [phq9().items[2].link_id]
    found = score(
        total=Decimal("10.00"), prorated=True, detail={"missing": missing, "band": "x"}
    )
    card = scores.score_card(phq9(), found)
    assert "estimated from the others" in card.note


def test_score_gives_every_number_its_source():
    algorithm = phq9().algorithm
    assert algorithm is not None
    found = score(
        total=Decimal(4),
        complete=True,
        at_cut=False,
        detail={
            "algorithm": "few symptoms",
            "subscales": [
                {"label": "Mood", "total": 2},
                {"label": "Rest", "total": None},
            ],
        },
    )
    card = scores.score_card(phq9(), found)
    assert card.cut.startswith("Below the cut of 10 (")
    assert list(card.facts) == [
        "Mood: 2",
        f"Screening result: few symptoms ({algorithm.source})",
    ]


def test_total_that_is_missing_is_held_against_no_cut():
    card = scores.score_card(phq9(), score())
    assert card.cut.startswith("No total to hold against the cut of 10 (")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=7), "7 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=1, hours=4), "1 d 4 h"),
        (timedelta(days=3, hours=4), "3 d"),
        (timedelta(days=-1), "less than a minute"),
    ],
)
def test_length_of_time_in_words(span: timedelta, text: str):
    assert times.length(span) == text


def test_due_words_say_overdue_from_the_minute_itself():
    assert times.due_words(NOW, NOW).startswith("Overdue by")
    assert times.due_words(NOW + timedelta(hours=2), NOW) == "Due in 2 h"


def test_moment_is_the_clinics_own():
    assert times.moment(NOW, ZONE) == "Tue 15 Sep 2026, 10:00"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "Link works until"),
        ({"opened_at": NOW}, "Link opened, works until"),
        ({"revoked_at": NOW}, "Link revoked"),
        ({"locked_at": NOW}, "Link locked after five failed checks"),
        ({"expires_at": NOW}, "Link expired"),
    ],
)
def test_link_state_says_why_it_does_not_work(cast: Cast, fields, state):
    screening = Screening(clinic=cast.clinic)
    given = {"screening": screening, "expires_at": NOW + timedelta(days=1), **fields}
    assert link_state(Invitation(**given), at=NOW, clinic=cast.clinic).startswith(state)


def test_link_of_what_was_begun_works_as_long_as_it_opens(cast: Cast):
    """The answers' window outlives the link's own week: staff read what patients meet."""
    patient = make_patient(cast.clinic)
    begun = make_screening(patient, status="IN_PROGRESS", started_at=NOW)
    link = Invitation.objects.create(
        screening=begun, token_hash="x", created_at=NOW, expires_at=NOW
    )
    later = NOW + timedelta(hours=71)
    assert is_live(link, at=later)
    (line,) = patient_view(patient, cast.clinic, at=later).sittings
    assert line.link_state == "Link works until Fri 18 Sep 2026, 10:00"
    assert not is_live(link, at=NOW + timedelta(hours=72))
    (line,) = patient_view(patient, cast.clinic, at=NOW + timedelta(hours=72)).sittings
    assert line.link_state == "Link expired"


def test_screening_without_a_link_says_so(cast: Cast):
    assert link_state(None, at=NOW, clinic=cast.clinic) == "No link"


def test_what_cannot_be_read_is_said_and_breaks_no_page(cast: Cast, settings):
    patient = make_patient(cast.clinic)
    screening = make_screening(patient, callback_number="555 0100")
    said = Turn.objects.create(
        screening=screening,
        key="1",
        kind="WORDS",
        link_id=phq9().items[0].link_id,
        words="w",
        reply="r",
        at=NOW,
    )
    settings.FIELD_KEYS = {"other": b"x" * 32}
    patient, screening = Patient.objects.get(), Screening.objects.get()
    assert people.header(patient).name == people.UNREADABLE
    assert people.readable(screening, "callback_number") == people.UNREADABLE
    row = answers.item_rows(sources(given=[], said=[Turn.objects.get(id=said.id)]))[0]
    assert row.sayings[0].words == people.UNREADABLE
    assert patient_view(patient, patient.clinic, at=NOW).email == ""


def test_flag_of_a_model_is_labelled(cast: Cast):
    evidence = {"detail": "d", "words": ["tired", "of it"], "item_text": None}
    why = people.why(
        Flag(rule="r", rule_version="1", evidence=json.dumps(evidence), source="MODEL")
    )
    assert (why.by_model, why.words) == (True, "tired … of it")


def test_days_are_written_in_one_form():
    assert times.day(NOW.date()) == "15 Sep 2026"
    assert times.stored_day("1985-03-04") == "4 Mar 1985"
    assert times.stored_day("about 1985") == "about 1985"
    assert times.stored_day("") == ""
    # Eight in the evening in New York is another day in London.
    late = datetime(2026, 9, 16, 0, 30, tzinfo=UTC)
    assert times.day_of(late, ZoneInfo("America/New_York")) == "15 Sep 2026"


def test_no_other_presenter_or_page_writes_a_date():
    """One function for dates, so that no two pages write a day in two ways."""
    root = Path(people.__file__).parents[1]
    places = [
        *root.joinpath("presenters").glob("*.py"),
        *root.joinpath("views").glob("*.py"),
    ]
    found = [
        place.name
        for place in places
        if place.name not in ("times.py", "wording_files.py")
        and re.search(r"strftime|%[bBdmY]\b", place.read_text())
    ]
    assert found == [], "Use clinicians.presenters.times.day, day_of or moment."
