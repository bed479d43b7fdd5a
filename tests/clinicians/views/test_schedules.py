"""The page of what is asked again: planned, listed day by day, paused, ended."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.models import Schedule
from core.models import AuditEvent
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.planned import reachable
from tests.clinicians.test_schedules import started


def plan(cast: Cast, patient, **fields: object):
    today = timezone.localdate(timezone=cast.clinic.zone)
    given = {
        "battery": ["phq-9", "gad-7"],
        "language": "en",
        "every_weeks": "2",
        "starts_on": today.isoformat(),
        "until_on": (today + timedelta(weeks=12)).isoformat(),
        **fields,
    }
    url = reverse("clinicians:schedules", args=[patient.id])
    return signed_in(cast.fred).post(url, given, follow=True)


def test_plan_is_made_and_shown_on_both_pages(cast: Cast):
    patient = reachable(cast)
    page = plan(cast, patient).content.decode()
    assert "Planned. The first e-mail goes out by itself." in page
    assert "Every 2 weeks until" in page
    url = reverse("clinicians:patient", args=[patient.id])
    text = signed_in(cast.fred).get(url).content.decode()
    assert "PHQ-9 and GAD-7 · Every 2 weeks" in text
    assert AuditEvent.objects.filter(kind="SCHEDULE_STARTED").count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"battery": []}, "required"),
        ({"every_weeks": "5"}, "valid choice"),
        ({"starts_on": "2020-01-01"}, "cannot be in the past"),
        ({"until_on": "2020-01-01"}, "two years later"),
        ({"language": "es-US"}, "valid choice"),
    ],
)
def test_plan_that_cannot_be_is_explained(cast: Cast, fields, sentence):
    page = plan(cast, reachable(cast), **fields)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_patient_without_address_cannot_be_planned_for(cast: Cast):
    patient = make_patient(cast.clinic)
    url = reverse("clinicians:schedules", args=[patient.id])
    page = signed_in(cast.fred).get(url).content.decode()
    assert "Add one to the record first" in page
    assert "<form class" not in page


def test_days_so_far_are_listed_with_what_became_of_them(cast: Cast):
    row = started(cast)
    row.runs.create(
        due_on=row.starts_on, skipped="Because.", missed=1, at=timezone.now()
    )
    url = reverse("clinicians:schedules", args=[row.patient_id])
    page = signed_in(cast.fred).get(url).content.decode()
    assert "Wed 16 Sep 2026: Not asked. Because." in page
    assert "1 earlier day went by" in page


def test_pausing_resuming_and_ending_by_press(cast: Cast):
    row = started(cast, until_on=timezone.now().date() + timedelta(weeks=20))
    client = signed_in(cast.fred)
    for name, sentence in (
        ("pause", "Paused."),
        ("pause", "paused or over already"),
        ("resume", "Resumed."),
        ("end", "Ended."),
        ("end", "over already"),
    ):
        url = reverse(f"clinicians:{name}-schedule", args=[row.patient_id, row.id])
        assert sentence in client.post(url, follow=True).content.decode()
        assert client.get(url).status_code == 405
        assert signed_in(cast.charlie).post(url).status_code == 404
        assert signed_in(cast.liv).post(url).status_code == 403
    assert Schedule.objects.get().ended_at


def test_page_of_another_clinics_patient_is_not_there(cast: Cast):
    url = reverse("clinicians:schedules", args=[reachable(cast).id])
    assert signed_in(cast.charlie).get(url).status_code == 404
    assert signed_in(cast.liv).get(url).status_code == 403


def test_page_asks_no_more_for_more_days(cast: Cast, django_assert_max_num_queries):
    row = started(cast)
    for number in range(5):
        day = row.starts_on + timedelta(weeks=2 * number)
        row.runs.create(due_on=day, skipped="Because.", at=timezone.now())
    client = signed_in(cast.fred)
    with django_assert_max_num_queries(17):
        client.get(reverse("clinicians:schedules", args=[row.patient_id]))
