"""What review leaves behind: every event of a case, and every notice sent about it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import EncryptedTextField
from screening.models import Episode


class ReviewEvent(models.Model):
    """One thing that happened to a case. Append-only."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "ACKNOWLEDGED", "Claimed"
        RELEASED = "RELEASED", "Given back to the team"
        NOTE = "NOTE", "Note"
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
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"], name="review_event_by_case")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.episode_id}"


class Notice(models.Model):
    """One message owed to one person about one case at one step. Never health data.

    `key` makes it exist once however many loops run; `sent_at` is set after the
    mail server accepted it, so a crash sends twice rather than never.
    """

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", "E-mail"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="notices"
    )
    round = models.PositiveIntegerField()
    step = models.CharField(max_length=12)
    channel = models.CharField(
        max_length=8, choices=Channel.choices, default=Channel.EMAIL
    )
    recipient = EncryptedTextField()
    key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="notice_owed",
                condition=Q(next_at__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_at__isnull=True)
                | Q(
                    sent_at__isnull=True,
                    stopped_at__isnull=True,
                    failed_at__isnull=True,
                ),
                name="notice_owed_until_settled",
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.key}"
