"""What patients said about a wording: that it is unclear or hurtful."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import Clinic, EncryptedTextField
from screening.models.answer import Turn
from screening.models.screening import Screening


class WordingReport(models.Model):
    """One report. What was said never changes; who saw it and what came of it is added.

    The words that a patient added stand in the turn, where they were searched for
    danger; the reviewers read them there, and never learn whose they are.
    """

    class Where(models.TextChoices):
        OFFICIAL = "OFFICIAL", "The official question"
        BENEATH = "BENEATH", "The words beneath it"

    class Why(models.TextChoices):
        UNCLEAR = "UNCLEAR", "Unclear"
        HURTFUL = "HURTFUL", "Hurtful"

    class State(models.TextChoices):
        NEW = "NEW", "New"
        SEEN = "SEEN", "Seen"
        ANSWERED = "ANSWERED", "Answered"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, db_index=False)
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="wording_reports"
    )
    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, null=True)
    # The key of the page that was sent: a second copy of it is no second report.
    key = models.CharField(max_length=64)
    instrument_id = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    link_id = models.CharField(max_length=40)
    where = models.CharField(max_length=8, choices=Where.choices)
    why = models.CharField(max_length=8, choices=Why.choices)
    # As it stood on the page: an explanation made for a question may tell of its asker.
    text = EncryptedTextField()
    shown_as = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="wording_reports_seen",
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="wording_reports_answered",
    )
    answer = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "key"], name="wording_report_once"
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True, state="NEW")
                | Q(seen_at__isnull=False, seen_by__isnull=False) & ~Q(state="NEW"),
                name="wording_report_seen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False, answered_by__isnull=False)
                & Q(state="ANSWERED")
                | Q(answered_at__isnull=True, answered_by__isnull=True)
                & ~Q(state="ANSWERED"),
                name="wording_report_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "state", "at"], name="wording_report_list")
        ]

    def __str__(self) -> str:
        return f"report of a wording ({self.state})"
