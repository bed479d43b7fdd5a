"""A short form that led on, or did not, as the clinician reads it."""

import pytest

from clinicians.forms.patients import batteries
from clinicians.presenters.results import screenings
from tests.cast import make_clinic
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
        "the rest follows (rule 2026.1). There is no total."
    )
    assert long.item_9 == "Item 9: Not at all (0)"


def test_inviting_says_where_a_short_form_leads():
    clinic = make_clinic(step_up=True)
    offered = dict(batteries(clinic))
    assert offered["phq-2"] == "PHQ-2, leads on to the PHQ-9 from 2 on"
    assert offered["phq-9"] == "PHQ-9"
    assert dict(batteries(make_clinic()))["phq-2"] == "PHQ-2"
