"""What became of each planned day, and of several patients who were invited at once."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from clinicians.models.planning import Schedule
from core.models import Clinic
from screening.models import Screening


class ScheduleRun(models.Model):
    """A day of a schedule that came: the patient was asked, or why not. Once a day.

    `missed` counts earlier days that went by while nothing ran: they are not made up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schedule = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, related_name="runs"
    )
    due_on = models.DateField()
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, null=True, related_name="+"
    )
    skipped = models.CharField(max_length=200, blank=True, default="")
    missed = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "due_on"], name="schedule_run_once"
            ),
            models.CheckConstraint(
                condition=models.Q(screening__isnull=True, skipped__gt="")
                | models.Q(screening__isnull=False, skipped=""),
                name="schedule_run_asked_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} of schedule {self.schedule_id}"


class InviteBatch(models.Model):
    """Several patients invited by one press: the id comes with the form, so that a
    second press finds the first.

    `rows`: for each patient {"patient", "screening", "invitation", "mailed", "why"};
    without a screening, `why` says what kept the patient from being invited.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    rows: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = (
        models.JSONField()
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"invitation of {len(self.rows)} patients"
