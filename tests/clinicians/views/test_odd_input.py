"""Addresses and forms that nobody's page would send: refused in peace, never a fault."""

import pytest
from django.urls import reverse

from tests.cast import Cast, signed_in

BIG = "9" * 22
EARLIEST, LATEST = "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"


def test_odd_addresses_are_answered(cast: Cast):
    case = cast.flagged()
    client = signed_in(cast.alice)
    patient = f"/staff/patients/{case.patient_id}"
    screening = case.flags.get().screening_id
    odd = {
        f"{patient}/screenings/{screening}/amend/{BIG}/1/": 404,
        f"{patient}/screenings/{screening}/amend/0/1/": 404,
        f"/staff/?after=999999~{EARLIEST}~999999~{case.id}": 200,
        f"/staff/?after=0~{LATEST}~0~{case.id}": 200,
        "/staff/?owner=%00&tier=%00&done=%00": 200,
        f"{patient}/looks/?page={BIG}": 200,
        f"/staff/several/?kind=CLAIM&case={case.id}:{BIG}": 200,
        f"/staff/several/?kind=CLAIM&case={case.id}:x": 404,
        "/staff/wordings/%00@aa/": 404,
    }
    found = {address: client.get(address).status_code for address in odd}
    assert found == odd


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("0001-01-01T00:00", "2026-12-24T10:00"),
        ("2026-12-24T10:00", "9999-12-31T23:59"),
    ],
)
def test_absence_of_all_time_is_refused_and_breaks_no_page(
    cast: Cast, starts_at, ends_at
):
    """In UTC its end would be a day that no calendar has."""
    client, address = signed_in(cast.alice), reverse("clinicians:absences")
    times = {"starts_at": starts_at, "ends_at": ends_at}
    data = {"user": str(cast.alice.id), "cover": str(cast.bob.id), **times}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "Write a year from" in response.content.decode()
    assert client.get(address).status_code == 200
    assert client.get("/staff/").status_code == 200
