"""The list of patients: search by name, number and birth date, filters, pages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from clinicians.definitions import records_policy
from clinicians.presenters.patient_list import patient_list
from core.models import Patient
from tests.cast import NOW, Cast, make_patient, signed_in

URL = reverse("clinicians:patients")


@pytest.fixture
def people(cast: Cast) -> Cast:
    for number, family, given, born in (
        ("MRN-1", "García López", "Ana", "1985-03-14"),
        ("MRN-2", "Garcia", "Luis", "1990-01-02"),
        ("MRN-3", "O'Brien", "Anabel", "1985-03-14"),
    ):
        make_patient(
            cast.clinic,
            number=number,
            family_name=family,
            given_name=given,
            birth_date=born,
        )
    make_patient(cast.other_clinic, number="MRN-9", family_name="Garcia")
    return cast


def found(cast: Cast, text: str) -> set[str]:
    listed = patient_list(cast.clinic, text=text, sealed="x", state="", place="")
    return {row.header.record_number for row in listed.rows}


def test_search_finds_by_name_number_and_birth_date(people: Cast):
    for text, expected in (
        ("garcia", {"MRN-1", "MRN-2"}),
        ("GARCÍA", {"MRN-1", "MRN-2"}),
        ("gar", {"MRN-1", "MRN-2"}),
        ("García Ana", {"MRN-1"}),
        ("ana garcia", {"MRN-1"}),
        ("Ana", {"MRN-1", "MRN-3"}),
        ("lopez", {"MRN-1"}),
        ("obrien", {"MRN-3"}),
        ("O’Brien", {"MRN-3"}),
        ("ga", set()),
        ("garcia l", {"MRN-1", "MRN-2"}),
        ("luis lopez", set()),
        (" mrn-2 ", {"MRN-2"}),
        ("MRN", set()),
        ("1985-03-14", {"MRN-1", "MRN-3"}),
        ("MRN-9", set()),
        ("%", set()),
    ):
        assert found(people, text) == expected, text


def test_the_name_searched_for_stands_in_no_address(people: Cast):
    client = signed_in(people.fred)
    response = client.post(URL, {"text": "García Ana"})
    assert response.status_code == 302
    address = response["Location"]
    assert "garc" not in address.lower()

    page = client.get(address).content.decode()
    assert "Ana García López" in page
    assert "Luis Garcia" not in page
    assert 'value="García Ana"' in page
    # The address of somebody else's search opens nothing.
    other = signed_in(people.alice).get(address).content.decode()
    assert "That search cannot be read" in other
    assert "García Ana" not in other


def test_a_search_that_cannot_be_meant_is_refused_with_a_sentence(cast: Cast):
    client = signed_in(cast.fred)
    for text, sentence in (
        ("03/04/1985", "year-month-day, like 1985-03-14"),
        ("14.3.85", "year-month-day, like 1985-03-14"),
        ("", "Write whom you are looking for."),
        ("x" * 101, "at most 100 characters"),
    ):
        response = client.post(URL, {"text": text})
        assert response.status_code == 422
        assert sentence in response.content.decode()
    # A record number with marks is no date.
    assert client.post(URL, {"text": "12-34-5678"}).status_code == 302


def test_nobody_found_says_what_to_try(cast: Cast):
    page = signed_in(cast.fred).post(URL, {"text": "nemo"}, follow=True)
    assert "Nobody found" in page.content.decode()


def test_states_narrow_the_list_and_stand_on_it(cast: Cast):
    make_patient(cast.clinic, family_name="Alpha")
    make_patient(cast.clinic, family_name="Beta", status="INACTIVE")
    make_patient(cast.clinic, family_name="Gamma", status="DECEASED")
    client = signed_in(cast.fred)
    for state, names in (
        ("", {"Alpha", "Beta", "Gamma"}),
        ("active", {"Alpha"}),
        ("inactive", {"Beta"}),
        ("deceased", {"Gamma"}),
        ("nonsense", {"Alpha", "Beta", "Gamma"}),
    ):
        page = client.get(URL, {"state": state}).content.decode()
        assert {n for n in ("Alpha", "Beta", "Gamma") if n in page} == names


def test_pages_follow_one_another_without_gap(cast: Cast, monkeypatch):
    monkeypatch.setattr(
        "clinicians.presenters.patient_list.records_policy",
        lambda: replace(records_policy(), page=2),
    )
    # All at one moment: ties end at the id.
    for number in range(5):
        make_patient(cast.clinic, number=f"N-{number}", created_at=NOW)
    client, seen, query = signed_in(cast.fred), [], "?"
    while query:
        listed = client.get(f"{URL}{query}").context["found"]
        seen += [row.header.record_number for row in listed.rows]
        query = listed.following
    assert sorted(seen) == [f"N-{number}" for number in range(5)]


def test_a_page_that_is_not_known_is_the_first_one(cast: Cast):
    make_patient(cast.clinic, family_name="Alpha")
    page = signed_in(cast.fred).get(URL, {"after": "yesterday"}).content.decode()
    assert "That page is not known" in page
    assert "Alpha" in page


def test_list_asks_the_database_as_often_for_many(
    cast: Cast, django_assert_num_queries
):
    client = signed_in(cast.fred)
    address = client.post(URL, {"text": "robin"})["Location"]
    client.get(address)
    for minutes in range(3):
        make_patient(cast.clinic, created_at=NOW + timedelta(minutes=minutes))
        with django_assert_num_queries(9):
            assert client.get(address).context["found"].rows


def test_names_that_wait_for_the_index_are_announced(cast: Cast):
    make_patient(cast.clinic)
    Patient.objects.update(names_indexed=0)
    client = signed_in(cast.fred)
    sentence = "Some names cannot be found yet"
    assert sentence in client.post(URL, {"text": "x"}, follow=True).content.decode()
    assert sentence not in client.get(URL).content.decode()


def test_list_is_for_those_who_see_patients(cast: Cast):
    assert signed_in(cast.liv).get(URL).status_code == 403
    assert signed_in(cast.fred).put(URL).status_code == 405
