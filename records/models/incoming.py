"""What other systems sent in: under which key, what became of it, drafts to review."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from core.models import Clinic
from records.models.clients import ApiClient


class Received(models.Model):
    """One thing taken in, once: sent again, it leads to what it became.

    `key_hash` is of the sender's identifier, of its Idempotency-Key, or of the content
    where it gave neither; `digest` tells the same thing sent again from another one.
    """

    class Kind(models.TextChoices):
        RESPONSE = "RESPONSE", "Answers"
        ORDER = "ORDER", "An order"
        REVOKE = "REVOKE", "The end of an order"
        RESEND = "RESEND", "A delivery, once more"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, db_index=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key_hash = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    # The administration, or the screening, that it became; or the delivery.
    object_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "kind", "key_hash"], name="received_once"
            ),
            # Under two names at one moment it is one patient's answers all the same.
            models.UniqueConstraint(
                fields=["clinic", "digest"],
                condition=Q(kind="RESPONSE"),
                name="received_response_once",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "digest"], name="received_by_digest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class DraftQuestionnaire(models.Model):
    """A questionnaire that another system sent: to be reviewed, and never asked.

    Nothing here can be asked of anybody. What is asked comes from the reviewed
    definition files alone; this is where a review of a new one begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, db_index=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT)
    url = models.CharField(max_length=500)
    version = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    received_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)
    discarded_by_id = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "digest"],
                condition=Q(discarded_at__isnull=True),
                name="draft_questionnaire_once",
            )
        ]
        indexes = [
            models.Index(fields=["clinic", "received_at"], name="draft_by_clinic")
        ]

    def __str__(self) -> str:
        return f"draft {self.url}|{self.version}"
