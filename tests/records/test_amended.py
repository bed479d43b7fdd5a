"""What was put right after the submit leaves as amended, and only that."""

from datetime import datetime, timedelta

import pytest

from core.models import Role
from screening.actions import Correction, amend
from screening.models import Administration
from tests.cast import make_user
from tests.records.rows import AT, make_administration
from tests.records.test_presenters import written

FIRST, NINE = "/44250-9", "/44260-8"
LATER = AT + timedelta(days=1)


def put_right(row: Administration, link_id: str, value: int | None, *, seen=1):
    clinic = row.screening.clinic
    correction = Correction(
        position=0,
        link_id=link_id,
        value=value,
        reason="Misread on the page.",
        seen_version=seen,
    )
    amend(
        screening_id=row.screening_id,
        correction=correction,
        by=make_user(clinic, Role.CLINICIAN),
        at=LATER + timedelta(hours=seen),
    )


def versions(made) -> dict[str, tuple[str, str]]:
    return {
        key: (one["status"], one["meta"]["versionId"])
        for key, one in made.items()
        if one["status"] == "amended"
    }


def instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_nothing_is_amended_before_an_amendment(clinic):
    response, made = written(make_administration(clinic, [1] * 9))
    assert (response["status"], response["meta"]["versionId"]) == ("completed", "1")
    assert versions(made) == {}


def test_response_is_amended_with_the_new_answer(clinic):
    row = make_administration(clinic, [0] * 9)
    put_right(row, NINE, 2)
    response, _ = written(row)
    at = instant(LATER + timedelta(hours=1))
    assert response["status"] == "amended"
    assert response["authored"] == at
    assert response["meta"]["lastUpdated"] == at
    assert response["meta"]["versionId"] == "2"
    coding = response["item"][8]["answer"][0]["valueCoding"]
    assert coding["code"] == "LA6570-1"
    # The patient answered; who recorded this version is not the patient.
    assert "source" in response
    assert "author" not in response


def test_only_what_changed_is_amended_and_the_time_of_answering_stays(clinic):
    row = make_administration(clinic, [1] * 9 + [0])
    put_right(row, NINE, 2)
    _, made = written(row)
    assert set(versions(made)) == {"panel", "9", "total"}
    assert made["total"]["valueQuantity"]["value"] == 10
    assert made["total"]["interpretation"][0]["text"] == "Moderate"
    assert {one["effectiveDateTime"] for one in made.values()} == {instant(AT)}
    assert made["9"]["issued"] == instant(LATER + timedelta(hours=1))
    assert made["1"]["issued"] == instant(AT)
    assert "performer" in made["1"]
    assert "performer" not in made["9"]


def test_each_amendment_is_a_version(clinic):
    row = make_administration(clinic, [1] * 9)
    put_right(row, NINE, 2)
    put_right(row, FIRST, 0, seen=2)
    put_right(row, NINE, 3, seen=3)
    _, made = written(row)
    assert versions(made) == {
        "panel": ("amended", "4"),
        "total": ("amended", "4"),
        "9": ("amended", "3"),
        "1": ("amended", "2"),
    }


def test_item_without_an_answer_at_the_submit_gets_its_second_version(clinic):
    row = make_administration(clinic, [None, *[0] * 8])
    put_right(row, FIRST, 1)
    response, made = written(row)
    assert versions(made)["1"] == ("amended", "2")
    assert made["total"]["valueQuantity"]["value"] == 1
    assert "source" in response


def test_total_that_left_once_does_not_vanish(clinic):
    row = make_administration(clinic, [1] * 9)
    put_right(row, FIRST, None)
    _, made = written(row)
    assert made["total"]["status"] == "amended"
    assert made["total"]["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert "valueQuantity" not in made["total"]
    assert "interpretation" not in made["total"]
    assert f"Observation/{row.id}.total" in {
        one["reference"] for one in made["panel"]["hasMember"]
    }
    assert made["panel"]["note"][0]["text"].startswith("No total")


def test_subscale_that_left_once_does_not_vanish(clinic):
    row = make_administration(clinic, [3, 0, 1, 1], instrument_id="phq-4")
    first = row.instrument.items[0].link_id
    put_right(row, first, None)
    _, made = written(row)
    assert "valueQuantity" not in made["anxiety"]
    assert made["depression"]["valueQuantity"]["value"] == 2


def test_outcome_that_left_once_does_not_vanish(clinic):
    row = make_administration(clinic, [0] * 4, instrument_id="asq", origin="STAFF")
    put_right(row, "asq-1", 1)
    _, made = written(row)
    assert made["result"]["status"] == "amended"
    assert made["result"]["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_answer_that_an_amendment_hides_stays_in_the_record(clinic):
    row = make_administration(clinic, [1, *[0] * 8, 3])
    put_right(row, FIRST, 0)
    response, made = written(row)
    assert len(response["item"]) == 10 + 1
    assert response["item"][10]["answer"] == [{"valueDecimal": 0}]
    assert "10" in made


@pytest.mark.parametrize("origin", ["STAFF", "IMPORTED"])
def test_answers_of_a_past_day_are_of_that_day(clinic, origin):
    row = make_administration(clinic, [1] * 9, origin=origin)
    row.screening.answered_at = AT - timedelta(days=5)
    row.screening.save()
    response, made = written(row)
    assert response["authored"] == instant(AT - timedelta(days=5))
    assert response["meta"]["lastUpdated"] == instant(AT)
    assert made["total"]["effectiveDateTime"] == instant(AT - timedelta(days=5))
    assert made["total"]["issued"] == instant(AT)
    assert "source" not in response


def test_api_tells_the_version_of_each_resource(fhir, clinic):
    row = make_administration(clinic, [0] * 9)
    put_right(row, NINE, 1)
    at = {
        "9": 'W/"2"',
        "1": 'W/"1"',
    }
    for key, tag in at.items():
        found = fhir.get(f"/fhir/R4/Observation/{row.id}.{key}")
        assert found.headers["ETag"] == tag
    first = fhir.get(f"/fhir/R4/Observation/{row.id}.1").headers["Last-Modified"]
    last = fhir.get(f"/fhir/R4/QuestionnaireResponse/{row.id}")
    assert (first, last.headers["Last-Modified"]) == (
        "Wed, 04 Mar 2026 05:06:07 GMT",
        "Thu, 05 Mar 2026 06:06:07 GMT",
    )
    assert last.headers["ETag"] == 'W/"2"'
