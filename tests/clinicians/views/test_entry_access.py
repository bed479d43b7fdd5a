"""Who may enter answers, and at which screenings."""

import pytest
from django.urls import reverse

from core.models import Patient
from tests.cast import Cast, make_patient, make_screening
from tests.clinicians.views.entries import Desk, begun


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


PAGES = [
    ("entry", ()),
    ("entry-form", ()),
    ("entry-item", (1, 1)),
    ("entry-check", ()),
    ("entry-submit", ()),
    ("entry-discard", ()),
]
POSTS = ("entry-submit", "entry-discard")


@pytest.mark.parametrize(("name", "more"), PAGES)
@pytest.mark.parametrize(("who", "status"), [("charlie", 404), ("fred", 403)])
def test_stranger_and_front_desk_are_refused(
    cast: Cast, patient, name, more, who, status
):
    desk = begun(cast.alice, patient)
    other = Desk(getattr(cast, who), desk.screening)
    how = other.client.post if name in POSTS else other.client.get
    assert how(other.url(name, *more)).status_code == status
    wrong = desk.client.get if name in POSTS else desk.client.put
    assert wrong(desk.url(name, *more)).status_code == 405


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_what_the_patient_answers_is_not_entered(cast: Cast, patient, name, more):
    desk = Desk(cast.alice, make_screening(patient))
    how = desk.client.post if name in POSTS else desk.client.get
    assert how(desk.url(name, *more)).status_code == 404


def test_entry_of_another_patient_is_not_there(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    ids = [make_patient(cast.clinic).id, desk.screening.id]
    address = reverse("clinicians:entry-form", args=ids)
    assert desk.client.get(address).status_code == 404
