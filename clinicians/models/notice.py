"""Every message owed to staff about a case."""

import uuid

from django.db import models
from django.db.models import Q

from core.models import EncryptedTextField
from screening.models import Episode


class Notice(models.Model):
    """One message owed to one address about one case at one step. Never health data.

    `key` makes it exist once however many loops run; `sent_at` is set after the
    mail server or the receiver accepted it, so a crash sends twice rather than never.
    """

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", "E-mail"
        WEBHOOK = "WEBHOOK", "Webhook"

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
