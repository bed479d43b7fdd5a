"""A clinic and how it wants to work: who is called, when, and what may be shown."""

import uuid
from zoneinfo import ZoneInfo

from django.db import models

from core.models.fields import EncryptedTextField


def english_only() -> list[str]:
    return ["en"]


def full_battery() -> list[str]:
    return ["phq-9", "gad-7"]


def three_days_later() -> list[int]:
    return [3]


class Clinic(models.Model):
    class Purpose(models.TextChoices):
        LIVE = "LIVE", "Live"
        DEMO = "DEMO", "Demonstration"
        REPLAY = "REPLAY", "Replay of recorded answers"

    class WordingPolicy(models.TextChoices):
        OFFICIAL = "official", "Official words only"
        APPROVED = "approved", "Plainer words that this clinic approved"
        GATED = "gated", "Plainer words that passed the checks, approval pending"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    purpose = models.CharField(
        max_length=10, choices=Purpose.choices, default=Purpose.LIVE
    )
    country = models.CharField(max_length=2, default="US")
    time_zone = models.CharField(max_length=50, default="America/New_York")
    phone = models.CharField(max_length=50, blank=True, default="")
    languages = models.JSONField(default=english_only)
    battery = models.JSONField(default=full_battery)
    # {"0": [["09:00", "17:00"]], …}; Monday is 0. Empty: nobody is there by rule.
    staffed_hours = models.JSONField(default=dict, blank=True)
    holidays = models.JSONField(default=list, blank=True)
    due_overrides = models.JSONField(default=dict, blank=True)
    ladder = models.JSONField(default=list, blank=True)
    escalate_minutes = models.PositiveIntegerField(default=30)
    wording_policy = models.CharField(
        max_length=10, choices=WordingPolicy.choices, default=WordingPolicy.APPROVED
    )
    ai_enabled = models.BooleanField(default=False)
    prorate = models.BooleanField(default=False)
    adult_age = models.PositiveSmallIntegerField(default=18)
    answer_window_hours = models.PositiveIntegerField(default=72)
    invitation_days = models.PositiveSmallIntegerField(default=7)
    lines_verified = models.JSONField(default=list, blank=True)
    safety_plan_url = models.URLField(blank=True, default="")
    # Closing what is most urgent needs a colleague's eye, unless the clinic has none.
    second_person = models.BooleanField(default=True, db_default=True)
    # Days after the invitation on which a patient who has not begun is reminded.
    reminder_days = models.JSONField(
        default=three_days_later, db_default=[3], blank=True
    )
    # A short form leads on to its longer one; below its cut item 9 is asked all the same.
    step_up = models.BooleanField(default=False, db_default=False)
    step_safety = models.BooleanField(default=True, db_default=True)
    # A total says little by itself, so patients see theirs only where a clinic wants it.
    patient_sees_score = models.BooleanField(default=False, db_default=False)
    kiosk_enabled = models.BooleanField(default=False, db_default=False)
    # What notices by webhook are signed with; empty until the first address is set.
    webhook_secret = EncryptedTextField(blank=True, default="", db_default="")
    # What the model may use in a day here; empty: the installation's own limit.
    model_tokens_per_day = models.PositiveIntegerField(null=True, blank=True)
    model_cost_per_day = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer_window_hours__range=(1, 168)),
                name="clinic_window_within_seven_days",
            ),
            models.CheckConstraint(
                condition=models.Q(escalate_minutes__gte=1),
                name="clinic_escalates",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
