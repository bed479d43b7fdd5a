"""The team's figures: right to the last one, nothing small shown, whole in a file."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.cast import NOW, Cast, signed_in
from tests.clinicians.figured import alert

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def table(client, name: str, query: str = "") -> dict[str, dict[str, str]]:
    """A table of a page as its file has it, by the name of the row."""
    answer = client.get(reverse("clinicians:figures-csv", args=[name]) + query)
    assert answer.status_code == 200
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    heads = next(rows)
    return {row[0]: dict(zip(heads, row, strict=True)) for row in rows}


def shown(client, name: str = "figures", query: str = "?small=shown") -> str:
    answer = client.get(reverse(f"clinicians:{name}") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_times_until_taken_and_closed_are_those_that_passed(cast: Cast):
    for minutes in range(1, 21):
        alert(cast, seen=minutes * 15, shut=minutes * 60)
    for _ in range(11):
        alert(cast)
    row = table(signed_in(cast.sue), "seen")["Urgent"]
    # Sixteen of twenty within the four hours; the rest hides nothing by itself.
    assert row["Alerts"] == "31"
    assert (row["Median (minutes)"], row["95 % within (minutes)"]) == ("150", "285")
    assert row["Longest (minutes)"] == "300"
    assert row["Nobody yet, overdue"] == "hidden"
    assert row["Taken late"] == "hidden"
    assert row["In time (%)"] == "hidden"
    row = table(signed_in(cast.sue), "closed")["Urgent"]
    assert (row["Closed"], row["Not yet"]) == ("20", "11")
    assert row["Median (minutes)"] == "600"
