"""Flags, and the episode of care that gathers a patient's open ones."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import Clinic, EncryptedTextField, Patient
from screening.models.screening import Administration, Screening


class Episode(models.Model):
    """All that waits for a clinician about one patient: at most one is open.

    Later flags join it and may raise its tier, never lower it. Screening opens
    and raises; only the review workflow moves its status.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN"
        ACKNOWLEDGED = "ACKNOWLEDGED"
        IN_PROGRESS = "IN_PROGRESS"
        TO_CONFIRM = "TO_CONFIRM"
        CLOSED = "CLOSED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Without an index of its own: the planner would take it for the queue, and read
    # every closed case of the clinic. The partial index below begins with it.
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, db_index=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="episodes"
    )
    tier = models.CharField(max_length=10)
    tier_rank = models.PositiveSmallIntegerField()
    value_rank = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.OPEN
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="episodes",
    )
    acknowledged_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    # Asked for by its owner; until then no notice is due, and never past `due_at`.
    snoozed_at = models.DateTimeField(null=True)
    snoozed_until_at = models.DateTimeField(null=True)
    # Who proposed to close it; a second person confirms. Empty in any other status.
    closing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="closings_proposed",
    )
    closed_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=40, blank=True)
    ladder_step = models.PositiveSmallIntegerField(default=0)
    ladder_round = models.PositiveSmallIntegerField(default=0)
    next_notice_at = models.DateTimeField(null=True)
    last_flag_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=~Q(status="CLOSED"),
                name="episode_one_open_per_patient",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["OPEN", "CLOSED"]) | Q(owner__isnull=False),
                name="episode_acknowledged_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(status="TO_CONFIRM", closing_by__isnull=False)
                | (~Q(status="TO_CONFIRM") & Q(closing_by__isnull=True)),
                name="episode_closing_proposed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "tier_rank", "due_at", "id"],
                name="episode_queue",
                condition=~Q(status="CLOSED"),
            ),
            models.Index(
                fields=["next_notice_at"],
                name="episode_notice_due",
                condition=Q(next_notice_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"episode {self.id} ({self.status})"


class Flag(models.Model):
    """One reason for a clinician to look. Append-only: nothing lowers it."""

    class Source(models.TextChoices):
        RULE = "RULE"
        MODEL = "MODEL"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="flags")
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="flags"
    )
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, null=True, related_name="flags"
    )
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="flags")
    rule = models.CharField(max_length=40)
    rule_version = models.CharField(max_length=20)
    tier = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    evidence = EncryptedTextField()
    source = models.CharField(max_length=5, choices=Source.choices, default=Source.RULE)
    raised_at = models.DateTimeField()
    # By when somebody had to look at what was raised with it, as it stood that moment:
    # the case's own due time moves on. Empty on flags from before this was kept.
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screening", "key"], name="flag_once")
        ]
        ordering = ["raised_at", "id"]
        indexes = [models.Index(fields=["clinic", "raised_at"], name="flag_by_time")]

    def __str__(self) -> str:
        return f"flag {self.rule}"

    @property
    def evidence_dict(self) -> dict[str, Any]:
        """Return the evidence: link_id, item_text, value, option_text, words, detail."""
        evidence: dict[str, Any] = json.loads(self.evidence)
        return evidence
