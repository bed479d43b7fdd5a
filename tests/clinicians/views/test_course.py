"""A patient's course: the drawing and the table say the same, and only what is known."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import Patient
from screening.models import Administration, Answer, Score
from tests.cast import (
    NOW,
    Cast,
    make_definition,
    make_patient,
    make_screening,
    signed_in,
)
from tests.support.html import check_html

NINE = "/44260-8"


def scored(patient: Patient, total, *, days: int = 0, nine: int = 0, **fields) -> Score:
    at = NOW + timedelta(days=days)
    part = Administration.objects.get(screening=make_screening(patient, at=at))
    Answer.objects.create(
        screening=part.screening,
        administration=part,
        seq=1,
        link_id=NINE,
        value=nine,
        origin="TAPPED",
        at=at,
    )
    given = {"complete": True, "band": "Moderate", "detail": {}, **fields}
    return Score.objects.create(
        administration=part,
        clinic=patient.clinic,
        patient=patient,
        instrument_id="phq-9",
        total=Decimal(total),
        at=at,
        **given,
    )


def shown(cast: Cast, patient: Patient, who: str = "alice") -> str:
    address = reverse("clinicians:patient", args=[patient.id])
    page = signed_in(getattr(cast, who)).get(address).content.decode()
    check_html(page)
    return page


def test_form_without_item_9_has_no_column_for_it(cast: Cast):
    patient = make_patient(cast.clinic)
    score = scored(patient, 9)
    assert "Item 9</th>" in shown(cast, patient)
    score.administration.definition = make_definition("gad-7", "en")
    score.administration.save()
    Score.objects.filter(pk=score.pk).update(instrument_id="gad-7")
    assert "Item 9</th>" not in shown(cast, patient)


def test_course_is_drawn_and_told(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20, nine=2)
    scored(patient, 9, days=28)
    page = shown(cast, patient)
    assert "2 totals, from 20 on 15 Sep 2026 to 9 on 13 Oct 2026" in page
    assert page.count('class="course__line"') == 1
    assert page.count("course__nine") == 1
    assert "More than half the days" in page
    assert "10–14 Moderate" in page
    assert "Cut point 10 (" in page
    assert "Lower is better" in page


def test_change_is_said_with_its_source(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    scored(patient, 9, days=14)
    scored(patient, 8, days=28)
    page = shown(cast, patient)
    assert "Against the one before, 9 to 8: No reliable change (" in page
    assert "Against the first one shown, 20 to 8: Reliable improvement (" in page


@pytest.mark.parametrize(
    "fields", [{"prorated": True}, {"complete": False}], ids=["prorated", "partial"]
)
def test_estimated_total_is_drawn_open_and_compared_with_nothing(cast: Cast, fields):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    scored(patient, "9.5", days=14, **fields)
    page = shown(cast, patient)
    assert "course__dot--part" in page
    assert ">9.5<span" in page
    assert "Some items missing, estimated" in page
    assert "course__line" not in page
    assert "eliable" not in page


def test_totals_far_apart_are_not_joined(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    scored(patient, 9, days=200)
    assert "course__line" not in shown(cast, patient)


def test_patient_without_a_total_has_no_course(cast: Cast):
    assert "course__" not in shown(cast, make_patient(cast.clinic))


@pytest.mark.parametrize("who", ["fred", "ada"])
def test_course_is_for_those_who_read_cases(cast: Cast, who):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    assert "course__" not in shown(cast, patient, who)


def test_course_takes_two_queries_however_many_totals(
    cast: Cast, django_assert_max_num_queries
):
    patient = make_patient(cast.clinic)
    for days in range(6):
        scored(patient, 20 - days, days=days * 14)
    client = signed_in(cast.alice)
    address = reverse("clinicians:patient", args=[patient.id])
    client.get(address)
    with django_assert_max_num_queries(24):
        client.get(address)
