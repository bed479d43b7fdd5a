"""What a patient is told about who reads it, and by when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from core.models import Clinic
from screening.domain.rules import Tier
from screening.presenters.texts import local_time, when_read
from tests.screening.conftest import NOW


def told(clinic: Clinic, at: datetime, *, later: int = 0) -> str:
    read_at = at + timedelta(hours=later)
    return when_read("en", clinic, tier=Tier.URGENT, since=at, at=read_at)


def test_open_clinic_promises_a_time_today(clinic: Clinic) -> None:
    assert "by 7 p.m. EST today" not in told(clinic, NOW)
    monday_ten = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    assert "by 2 p.m. EST today" in told(clinic, monday_ten)


def test_due_time_after_closing_counts_from_the_next_opening(clinic: Clinic) -> None:
    friday_before_six = datetime(2026, 3, 6, 22, 55, tzinfo=UTC)
    sentence = told(clinic, friday_before_six)
    assert "Monday, March 9" in sentence
    assert "noon" in sentence


def test_day_is_written_as_in_the_patients_language(clinic: Clinic) -> None:
    friday_before_six = datetime(2026, 3, 6, 22, 55, tzinfo=UTC)
    with translation.override("es-US"):
        by = local_time(friday_before_six, clinic, at=NOW)
    assert by.endswith("viernes, 6 de marzo")


def test_midnight_is_said_as_the_minute_before(clinic: Clinic) -> None:
    """Midnight on Thursday may be a day later than was meant."""
    midnight = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)
    evening = midnight - timedelta(hours=3)
    assert local_time(midnight, clinic, at=evening) == "11:59 p.m. EST today"
    before = evening - timedelta(days=1)
    said = "11:59 p.m. EST on Wednesday, March 4"
    assert local_time(midnight, clinic, at=before) == said


def test_closed_clinic_says_so_and_sends_nobody_waiting(clinic: Clinic) -> None:
    sunday = datetime(2026, 3, 8, 20, 0, tzinfo=UTC)
    assert "closed right now" in told(clinic, sunday)
    assert "Do not wait for us" in told(clinic, sunday)


def test_someone_on_call_is_promised_by_the_wall_clock(clinic: Clinic) -> None:
    clinic.ladder = [{"step": "on-call", "emails": ["oncall@clinic.example"]}]
    sunday = datetime(2026, 3, 8, 20, 0, tzinfo=UTC)
    assert "today" in told(clinic, sunday)


def test_clinic_without_hours_promises_nothing(clinic: Clinic) -> None:
    clinic.staffed_hours = {}
    assert "cannot say exactly when" in told(clinic, NOW)


@pytest.mark.parametrize("later", [1, 3, 20])
def test_promise_does_not_move_with_the_page(clinic: Clinic, later: int) -> None:
    morning = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    assert "2 p.m." in told(clinic, morning, later=later)
