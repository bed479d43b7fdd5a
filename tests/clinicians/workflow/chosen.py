"""A clinic's settings as values, for the pure rules."""

from typing import Any

from clinicians.workflow.settings import Chosen
from screening import definitions
from screening.domain.due import override
from screening.domain.hours import build_hours

WEEKDAYS = {str(day): [["09:00", "17:00"]] for day in range(5)}
LADDER = [
    {"step": "team", "emails": ["team@x.example", "more@x.example"]},
    {"step": "on-call", "emails": ["call@x.example"]},
]
VALUES: dict[str, Any] = {
    "name": "Riverside",
    "phone": "555 0199",
    "country": "US",
    "time_zone": "America/New_York",
    "languages": ["en", "es-US"],
    "adult_age": 18,
    "battery": ["phq-9", "gad-7"],
    "step_up": False,
    "step_safety": True,
    "prorate": False,
    "answer_window_hours": 72,
    "invitation_days": 7,
    "reminder_days": [3],
    "kiosk_enabled": False,
    "patient_sees_score": False,
    "due_overrides": {},
    "escalate_minutes": 30,
    "second_person": True,
    "safety_plan_url": "",
    "staffed_hours": WEEKDAYS,
    "holidays": ["2026-12-25"],
    "ladder": LADDER,
    "wording_policy": "approved",
    "ai_enabled": False,
    "model_tokens_per_day": None,
    "model_cost_per_day": None,
}


def rule(
    minutes: int, clock: str = "wall", *, same_day: bool = False
) -> dict[str, Any]:
    """A clinic's own due rule as it is stored."""
    return {
        "minutes": minutes,
        "clock": clock,
        "same_day": same_day,
        "source": "Our protocol",
    }


def make_chosen(**changes: Any) -> Chosen:
    """These settings, with what follows from them."""
    values = {**VALUES, **changes}
    whole = "phq-9" in values["battery"]
    stepped = values["step_up"] and "phq-2" in values["battery"]
    return Chosen(
        values=values,
        due=override(
            definitions.due_policy(), values["due_overrides"], file="the test"
        ),
        hours=build_hours(
            values["time_zone"], values["staffed_hours"], values["holidays"]
        ),
        asks_safety=whole or stepped,
        asks_all=whole or (stepped and values["step_safety"]),
    )
