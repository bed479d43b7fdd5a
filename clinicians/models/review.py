"""What review leaves behind: every event of a case."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from core.models import Clinic, EncryptedTextField
from screening.models import Episode


class ReviewEvent(models.Model):
    """One thing that happened to a case. Append-only."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "ACKNOWLEDGED", "Claimed"
        RELEASED = "RELEASED", "Given back to the team"
        HANDED_OVER = "HANDED_OVER", "Handed over"
        SNOOZED = "SNOOZED", "Put off"
        AWAKE = "AWAKE", "No longer put off"
        CLOSE_PROPOSED = "CLOSE_PROPOSED", "Closing proposed"
        CLOSE_DECLINED = "CLOSE_DECLINED", "Closing not confirmed"
        UNDONE = "UNDONE", "Undone"
        NOTE = "NOTE", "Note"
        RETRACTED = "RETRACTED", "Screening marked as entered in error"
        CONTACT = "CONTACT", "Contact attempt"
        CLOSED = "CLOSED", "Closed"
        REOPENED = "REOPENED", "Reopened"
        TIMED_OUT = "TIMED_OUT", "Back in the queue: nothing was recorded in time"
        FLAG_JOINED = "FLAG_JOINED", "Back in the queue: a new flag joined"
        ESCALATED = "ESCALATED", "Notice sent out"
        NOTICE_FAILED = "NOTICE_FAILED", "A notice could not be delivered"
        NOBODY_TO_TELL = "NOBODY_TO_TELL", "No address to send a notice to"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="review_events",
    )
    # The disposition, the contact outcome or the ladder step, by its id.
    code = models.CharField(max_length=40, blank=True, default="")
    detail = EncryptedTextField(blank=True, default="")
    # Between opening the case and doing this, as its page told; empty elsewhere.
    seconds = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["episode", "at"], name="review_event_by_case"),
            models.Index(fields=["by", "at"], name="review_event_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.episode_id}"


class BulkAct(models.Model):
    """One act on several cases at once: confirmed, and undone while there is time.

    `cases`: what each case was before, as a list of {"id", "status", "owner"}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16)
    cases: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = (
        models.JSONField()
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    undo_until_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {len(self.cases)} cases"
