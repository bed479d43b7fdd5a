"""What was put right after a submit: the old answer and the old score stay."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from core.models import EncryptedTextField
from screening.models.answer import Answer
from screening.models.screening import Administration


class Amendment(models.Model):
    """One submitted answer put right, with the reason. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="amendments"
    )
    answer = models.OneToOneField(
        Answer, on_delete=models.PROTECT, related_name="amendment"
    )
    # What counted until then; empty where the item had no answer.
    replaced = models.ForeignKey(
        Answer, on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    reason = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"amendment {self.id}"


class PastScore(models.Model):
    """A score as it stood before an amendment replaced it. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="past_scores"
    )
    version = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    band = models.CharField(max_length=40, blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    scored_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "version"], name="past_score_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"score {self.version} of {self.administration_id}"
