"""Emergency access: a record opened by somebody whose role does not read records."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models.clinic import Clinic
from core.models.fields import EncryptedTextField
from core.models.patient import Patient


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    """Asks by the clock: an hour ends by itself, whether or not anybody ended it."""

    def open_at(self, at: datetime) -> Self:
        return self.filter(ended_at__isnull=True, ends_at__gt=at)


class EmergencyAccess(models.Model):
    """One person, one patient, one reason, at most an hour; then a supervisor looks.

    `mail_next_at`: when the supervisors are next to be told; empty once they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="emergency_accesses"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="emergency_accesses",
    )
    reason = EncryptedTextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    mail_next_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="emergency_reviews",
    )
    reviewed_at = models.DateTimeField(null=True)
    review_note = EncryptedTextField(blank=True, default="")

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "id"]
        indexes = [
            models.Index(
                fields=["clinic", "opened_at"],
                name="emergency_to_review",
                condition=Q(reviewed_at__isnull=True),
            ),
            models.Index(fields=["user", "patient", "ends_at"], name="emergency_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewed_by=F("user")), name="emergency_not_own_review"
            )
        ]

    def __str__(self) -> str:
        return f"emergency access {self.pk}"

    @property
    def key(self) -> str:
        """The same however often the mail about it is sent."""
        return f"emergency:{self.id}"

    def is_open_at(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.ends_at
