"""What the language layer leaves behind: every call, and who signed which wording."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from core.models import Clinic
from screening.models.screening import Screening


class ModelCall(models.Model):
    """One request to a language model. Never an identity, a score or an answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True)
    purpose = models.CharField(max_length=20)
    instrument_id = models.CharField(max_length=40)
    link_id = models.CharField(max_length=40)
    model = models.CharField(max_length=100, blank=True)
    prompt_id = models.CharField(max_length=60)
    prompt_hash = models.CharField(max_length=64)
    latency_ms = models.PositiveIntegerField()
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    # What the day's budget counts: the server's word, or the worst case without it.
    tokens_charged = models.PositiveIntegerField(null=True)
    # In the currency of the prices; empty where no price was known.
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    outcome = models.CharField(max_length=20)
    verdicts: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["clinic", "at"], name="model_call_by_clinic")]

    def __str__(self) -> str:
        return f"model call {self.purpose} {self.outcome}"


class WordingSignOff(models.Model):
    """A clinic's signature under one wording as it stood: a change needs a new one."""

    class Role(models.TextChoices):
        CLINICIAN = "CLINICIAN"
        LIVED_EXPERIENCE = "LIVED_EXPERIENCE"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    wording_key = models.CharField(max_length=120)
    checksum = models.CharField(max_length=64)
    role = models.CharField(max_length=16, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "wording_key", "checksum", "role"],
                name="wording_signed_once_per_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.wording_key} signed as {self.role}"
