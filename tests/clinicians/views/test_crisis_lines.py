"""Crisis lines: what patients see, what somebody tried, and what is warned of."""

import pytest
from django.urls import reverse

from clinicians.presenters.crisis_lines import lines_of
from core.models import AuditEvent, Clinic
from screening.definitions import crisis_lines
from tests.cast import Cast, signed_in

PAGE = reverse("clinicians:crisis-lines")
KEY = "DE:telefonseelsorge:call-3"
GOOD = {"on": "2026-09-14", "name": "Fred Hill", "outcome": "works"}


def record(cast: Cast, key: str = KEY, **changes: str):
    url = reverse("clinicians:check-crisis-line", args=[key])
    return signed_in(cast.ada).post(url, GOOD | changes, follow=True)


def in_germany(cast: Cast) -> None:
    Clinic.objects.filter(id=cast.clinic.id).update(country="DE")
    cast.clinic.refresh_from_db()


def test_number_that_was_tried_is_shown_to_patients(cast: Cast):
    in_germany(cast)
    page = signed_in(cast.ada).get(PAGE).content.decode()
    assert "Patients see no crisis line of Germany, only the emergency number" in page
    page = record(cast).content.decode()
    assert "Recorded: Call 116 123." in page
    assert "Tried on Mon 14 Sep 2026 by Fred Hill: it works" in page
    assert "see no crisis line" not in page
    assert "2 numbers are not shown to patients" in page
    cast.clinic.refresh_from_db()
    assert cast.clinic.lines_verified == [KEY]
    (line,) = crisis_lines("DE", cast.clinic.lines_verified).lines
    assert [c.key for c in line.contacts] == [KEY]
    row = AuditEvent.objects.get(kind="CRISIS_LINE_CHECKED")
    assert row.detail["lines_verified"] == {"from": [], "to": [KEY]}
    assert row.detail["line"]["value"] == "116 123"


def test_number_that_fails_is_taken_away_again(cast: Cast):
    in_germany(cast)
    record(cast)
    page = record(cast, outcome="fails").content.decode()
    assert "it does not work" in page
    cast.clinic.refresh_from_db()
    assert cast.clinic.lines_verified == []


def test_number_that_ships_as_verified_and_fails_is_warned_of(cast: Cast):
    page = record(cast, "US:988:text", outcome="fails").content.decode()
    assert "Text 988 (988 Suicide &amp; Crisis Lifeline) did not work" in page
    assert "patients still see it" in page
    overview = signed_in(cast.ada).get(reverse("clinicians:settings"))
    assert "did not work when it was tried" in overview.content.decode()


def test_number_that_changed_since_is_to_be_tried_again(cast: Cast):
    in_germany(cast)
    record(cast)
    row = AuditEvent.objects.get(kind="CRISIS_LINE_CHECKED")
    other = {"line": row.detail["line"] | {"value": "116 999"}}
    newer = AuditEvent.objects.create(
        chain=row.chain,
        seq=row.seq + 1,
        at=row.at,
        kind=row.kind,
        actor_kind="STAFF",
        actor_id=row.actor_id,
        object_type="clinic",
        object_id=row.object_id,
        detail=other,
    )
    assert newer.seq > row.seq
    tried = [found.tried for found in lines_of(cast.clinic).rows]
    assert any("That was 116 999: the number has changed since" in one for one in tried)


def test_country_that_nobody_knows_is_warned_of(cast: Cast):
    Clinic.objects.update(country="XX")
    page = signed_in(cast.ada).get(PAGE).content.decode()
    assert "No emergency number and no crisis line of XX is known here" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"on": "2099-01-01"}, "That day has not come yet."),
        ({"on": "yesterday"}, "Write the date as"),
        ({"name": ""}, "This field is required."),
        ({"outcome": ""}, "Choose what came of it."),
    ],
)
def test_try_that_cannot_be_is_refused(cast: Cast, change, sentence):
    response = record(cast, "US:988:call", **change)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not AuditEvent.objects.filter(kind="CRISIS_LINE_CHECKED").exists()


def test_number_of_another_country_is_not_there(cast: Cast):
    assert record(cast, KEY).status_code == 404
    url = reverse("clinicians:check-crisis-line", args=["US:988:call"])
    page = signed_in(cast.ada).get(url).content.decode()
    assert 'href="tel:988"' in page
    assert 'value="Ada Reed"' in page
