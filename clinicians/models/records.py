"""What became of a patient's record: states, merges, and pairs that are two people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import Clinic, EncryptedTextField, Patient


class StateChange(models.Model):
    """A record set inactive or deceased, or active again. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="state_changes"
    )
    before = models.CharField(max_length=10, choices=Patient.Status.choices)
    after = models.CharField(max_length=10, choices=Patient.Status.choices)
    reason = models.CharField(max_length=40, blank=True)
    note = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["patient", "at"], name="state_by_patient")]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.after}"


class PatientMerge(models.Model):
    """One record merged into another, until a supervisor parts them again.

    `Patient.merged_into` follows from the rows that stand. `before`: the state that
    the record goes back to. `moved`: the ids of the schedules that went along.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    gone = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="merges_away"
    )
    kept = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="merges_taken"
    )
    before = models.CharField(max_length=10, choices=Patient.Status.choices)
    moved: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges"
    )
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="merges_undone",
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(undone_at__isnull=True),
                name="merge_stands_once",
            ),
            models.CheckConstraint(
                condition=~Q(gone=F("kept")), name="merge_of_two_records"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class NotOnePerson(models.Model):
    """Somebody has looked: these two records are of two people, such as twins.

    `first` is the smaller id. Append-only: a later merge of the two says more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="not_one_person_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
