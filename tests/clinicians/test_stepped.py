"""A short form that led on, or did not, as the clinician reads it."""

import pytest

from clinicians.forms.patients import batteries
from clinicians.presenters.results import screenings
from screening.actions.definitions import find, snapshot
from tests.cast import NOW, make_clinic
from tests.records.rows import add_answer, make_administration
from tests.stepped import stepped

pytestmark = pytest.mark.django_db


def test_answers_kept_from_the_short_form_say_where_they_were_given():
    clinic = make_clinic()
    (view,) = screenings([stepped(clinic, each=1).id], clinic.zone)
    short, long = view.administrations
    assert (short.score.total, long.score.total) == ("2", "8")
    hows = [row.answer.how for row in long.items]
    assert hows[:2] == ["Given once by the patient, in the PHQ-2"] * 2
    assert set(hows[2:]) == {"Tapped by the patient"}
    assert long.score.note == "All items were answered."


def test_below_the_cut_the_longer_form_says_what_was_asked_and_why():
    clinic = make_clinic()
    (view,) = screenings([stepped(clinic, each=0).id], clinic.zone)
    short, long = view.administrations
    assert short.score.total == "0"
    assert long.score.title == "PHQ-9 (item 9 only)"
    assert long.score.note == (
        "Only item 9 was asked: the short form before it stayed below 2, from which "
        "the rest follows (rule 2026.2). There is no total."
    )
    assert long.item_9 == "Item 9: Not at all (0)"


def test_answer_read_in_another_language_says_what_the_patient_read():
    clinic = make_clinic()
    row = make_administration(clinic, [None, *[0] * 8], language="es-US")
    read = snapshot(find("phq-9", "en"), at=NOW)
    add_answer(row, "/44250-9", 1, asked_as=read)
    (view,) = screenings([row.screening_id], clinic.zone)
    (part,) = view.administrations
    first, second = part.items[:2]
    assert first.text == "Poco interés o placer en hacer cosas"
    assert first.answer is not None
    assert first.answer.text == "Several days (1)"
    (beside,) = first.answer.shown
    assert beside.startswith(f"Answered in English (version {read.version}): “Little")
    assert second.answer is not None
    assert not second.answer.shown


def test_inviting_says_where_a_short_form_leads():
    clinic = make_clinic(step_up=True)
    offered = dict(batteries(clinic))
    assert offered["phq-2"] == "PHQ-2, leads on to the PHQ-9 from 2 on"
    assert offered["phq-9"] == "PHQ-9"
    assert dict(batteries(make_clinic()))["phq-2"] == "PHQ-2"
