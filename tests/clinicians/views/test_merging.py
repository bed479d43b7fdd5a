"""The pages that find, compare, merge and part two records."""

from dataclasses import replace

import pytest
from django.urls import reverse

from clinicians.actions.merging import merge
from clinicians.definitions import records_policy
from clinicians.models import NotOnePerson, PatientMerge
from core.models import AuditEvent, Patient
from tests.cast import NOW, Cast, make_patient, make_screening, signed_in

DUPLICATES = reverse("clinicians:duplicates")


@pytest.fixture
def two(cast: Cast) -> tuple[Patient, Patient]:
    return (
        make_patient(cast.clinic, number="N-1", family_name="García", given_name="Ana"),
        make_patient(
            cast.clinic,
            number="N-2",
            family_name="Garcia",
            given_name="Ana",
            phone="555 0100",
        ),
    )


def beside(one: Patient, other: Patient, name: str = "compare") -> str:
    return reverse(f"clinicians:{name}", args=[one.id, other.id])


def test_likely_duplicates_are_listed_and_twins_told_apart(cast: Cast, two):
    make_patient(cast.clinic, family_name="Garcia", given_name="Luis")
    make_patient(
        cast.clinic, family_name="Garcia", given_name="Ana", birth_date="1985-03-15"
    )
    make_patient(cast.other_clinic, family_name="Garcia", given_name="Ana")
    client = signed_in(cast.sue)
    pairs = client.get(DUPLICATES).context["found"].pairs
    assert {(p.one.record_number, p.other.record_number) for p in pairs} in (
        {("N-1", "N-2")},
        {("N-2", "N-1")},
    )
    page = client.post(
        beside(two[0], two[1], "two-people"), follow=True
    ).content.decode()
    assert "not offered as duplicates any more" in page
    assert "No likely duplicates here" in page
    assert NotOnePerson.objects.count() == 1
    for pair in (two, two[::-1]):
        page = client.get(beside(*pair)).content.decode()
        assert "Somebody has said that these are two people." in page
        assert "Sue Field, " in page


def test_duplicates_are_looked_for_in_steps_that_leave_out_nobody(
    cast: Cast, monkeypatch, two, django_assert_num_queries
):
    for day in range(1, 6):
        for _ in range(2):
            make_patient(
                cast.clinic,
                family_name="Ruiz",
                given_name="Eva",
                birth_date=f"1970-01-0{day}",
            )
    policy = replace(records_policy(), scan=3)
    monkeypatch.setattr(
        "clinicians.presenters.duplicates.records_policy", lambda: policy
    )
    client, seen, query = signed_in(cast.sue), 0, ""
    client.get(DUPLICATES)
    for _ in range(6):
        with django_assert_num_queries(9):
            found = client.get(f"{DUPLICATES}{query}").context["found"]
        seen += len(found.pairs)
        query = f"?after={found.following}"
        if not found.following:
            break
    assert seen == 6
    assert client.get(f"{DUPLICATES}?after=x").status_code == 404


def test_side_by_side_then_merged_by_the_number_of_what_stays(cast: Cast, two):
    one, other = two
    make_screening(other)
    client = signed_in(cast.sue)
    page = client.get(beside(one, other)).content.decode()
    for words in ("N-1", "N-2", "García", "555 0100", "PHQ-9", "Not given"):
        assert words in page
    assert AuditEvent.objects.filter(kind="PATIENT_COMPARED_VIEWED").count() == 2

    wrong = {"keep": str(other.id), "typed": "N-1"}
    response = client.post(beside(one, other), wrong)
    assert response.status_code == 422
    assert "not the number of the record that you keep" in response.content.decode()
    # It shows all of both once more, so it is a look at both.
    assert AuditEvent.objects.filter(kind="PATIENT_COMPARED_VIEWED").count() == 4

    right = {"keep": str(other.id), "typed": " n-2 "}
    page = client.post(beside(one, other), right, follow=True).content.decode()
    assert "The two records are one." in page
    assert "Records merged into this one" in page
    assert PatientMerge.objects.get().kept == other


def test_what_cannot_be_merged_is_said_on_the_page(cast: Cast, two):
    one, other = two
    Patient.objects.filter(id=other.id).update(status="DECEASED")
    response = signed_in(cast.sue).post(
        beside(one, other), {"keep": str(one.id), "typed": "N-1"}
    )
    assert response.status_code == 409
    assert "says that the patient has died" in response.content.decode()


def test_a_merged_record_leads_to_the_one_that_stays(cast: Cast, two):
    one, other = two
    row = merge(kept=one, gone=other, by=cast.sue, at=NOW)
    client = signed_in(cast.sue)
    home = reverse("clinicians:patient", args=[one.id])
    for name in ("patient", "invite", "new-entry", "record-state", "find-other"):
        url = reverse(f"clinicians:{name}", args=[other.id])
        assert client.get(url)["Location"] == home, name
    for name in ("course", "access-log"):
        url = reverse(f"clinicians:{name}", args=[other.id])
        there = reverse(f"clinicians:{name}", args=[one.id])
        assert client.get(url)["Location"] == there
    assert client.get(beside(one, other))["Location"] == home
    page = client.get(reverse("clinicians:patients"), follow=True).content.decode()
    assert "Also recorded as Ana Garcia, record N-2" in page

    part = reverse("clinicians:part", args=[one.id, row.id])
    page = client.post(part, follow=True).content.decode()
    assert "The two records are parted." in page
    assert "a schedule that ended when they were merged stays ended" in page
    assert "parted already" in client.post(part, follow=True).content.decode()


def test_answers_of_the_merged_record_are_read_under_both_names(cast: Cast, two):
    one, other = two
    screening = make_screening(other, started_at=NOW)
    merge(kept=one, gone=other, by=cast.sue, at=NOW)
    client = signed_in(cast.alice)
    page = client.get(reverse("clinicians:patient", args=[one.id])).content.decode()
    answers = reverse("clinicians:results", args=[other.id, screening.id])
    assert answers in page
    page = client.get(answers).content.decode()
    assert "Ana García" in page
    assert "Ana Garcia, record N-2" in page


def test_the_other_record_is_found_by_its_number_or_offered(cast: Cast, two):
    one, other = two
    client = signed_in(cast.sue)
    url = reverse("clinicians:find-other", args=[one.id])
    assert beside(one, other) in client.get(url).content.decode()
    assert client.post(url, {"number": "n-2"})["Location"] == beside(one, other)
    for number, sentence in (
        ("N-1", "number of the same record"),
        ("N-9", "No record of this clinic"),
    ):
        response = client.post(url, {"number": number})
        assert response.status_code == 422
        assert sentence in response.content.decode()


def test_merging_is_for_those_who_may_and_for_their_clinic(cast: Cast, two):
    one, other = two
    stranger = make_patient(cast.other_clinic)
    addresses = [
        DUPLICATES,
        reverse("clinicians:find-other", args=[one.id]),
        beside(one, other),
    ]
    for url in addresses:
        assert signed_in(cast.alice).get(url).status_code == 403
    sue = signed_in(cast.sue)
    assert sue.get(beside(one, stranger)).status_code == 404
    assert sue.get(beside(one, one)).status_code == 404
    assert sue.get(beside(one, other, "two-people")).status_code == 405
    assert sue.post(beside(one, stranger, "two-people")).status_code == 404
    row = merge(kept=one, gone=other, by=cast.sue, at=NOW)
    third = make_patient(cast.clinic)
    part = reverse("clinicians:part", args=[third.id, row.id])
    assert sue.post(part).status_code == 404
    part = reverse("clinicians:part", args=[one.id, row.id])
    assert signed_in(cast.alice).post(part).status_code == 403
