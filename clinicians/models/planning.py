"""What is planned ahead: who covers for whom, who is asked again and reminded."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import Clinic, EncryptedTextField, Patient
from screening.models import Invitation, Screening


class Absence(models.Model):
    """Somebody is away, and a colleague has their cases meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_later"
            ),
            models.CheckConstraint(
                condition=~Q(cover=F("user")), name="absence_covered_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.id}"


class TreatmentEvent(models.Model):
    """Something in the patient's care that explains a change of the trend."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="treatment_events"
    )
    kind = models.CharField(max_length=20)
    happened_on = models.DateField()
    text = EncryptedTextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    # Entered by mistake: it leaves the chart and stays in the record.
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="treatment_events_withdrawn",
    )

    class Meta:
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return f"treatment event {self.id}"


class Schedule(models.Model):
    """A patient is asked again every so many days until a day; rows, not a calendar."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="schedules"
    )
    battery: models.JSONField[list[str], list[str]] = models.JSONField()
    language = models.CharField(max_length=10)
    every_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    until_on = models.DateField()
    # When the next invitation is due; empty once the schedule has ended.
    next_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Why it ended before its last day; empty where it ran out or somebody ended it.
    ended_reason = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__range=(1, 366)), name="schedule_every_days"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("starts_on")), name="schedule_ends_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="schedule_due",
                condition=Q(next_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"schedule {self.id}"


class PatientMail(models.Model):
    """One mail owed to a patient about one screening. Never health data.

    The link in it is made when it is sent, the same at every try: only its hash is
    ever stored. `last_error` says why it was not sent, or not yet.
    """

    class Kind(models.TextChoices):
        INVITATION = "INVITATION", "Invitation"
        REMINDER = "REMINDER", "Reminder"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="mails"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, related_name="mails"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Only of a reminder: so many days after the invitation.
    day = models.PositiveSmallIntegerField(null=True)
    key = models.CharField(max_length=120, unique=True)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="patient_mail_owed",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["clinic", "failed_at"],
                name="patient_mail_failed",
                condition=Q(failed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.key}"
