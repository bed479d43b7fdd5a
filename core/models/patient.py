"""A person who is screened; who they are is sealed, what finds them is an index."""

import uuid
from typing import Any

from django.db import models

from core import crypto
from core.models.clinic import Clinic
from core.models.fields import EncryptedTextField

BIRTH_DATE = "core.patient.birth_date"
RECORD_NUMBER = "core.patient.identifier"


def birth_date_index(birth_date: str) -> str:
    """What a search by birth date (ISO text) compares."""
    return crypto.blind_index(birth_date.strip(), purpose=BIRTH_DATE)


def identifier_index(value: str) -> str:
    """What a search by record number compares; case and outer spaces do not count."""
    return crypto.blind_index(value.strip().casefold(), purpose=RECORD_NUMBER)


class Patient(models.Model):
    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        INACTIVE = "INACTIVE", "Inactive"
        DECEASED = "DECEASED", "Deceased"
        MERGED = "MERGED", "Merged into another record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="patients"
    )
    family_name = EncryptedTextField()
    given_name = EncryptedTextField(blank=True, default="")
    birth_date = EncryptedTextField(blank=True, default="")
    birth_date_index = models.CharField(
        max_length=64, blank=True, default="", editable=False
    )
    email = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    # Asked not to be reminded: invitations still go out, reminders do not.
    wants_reminders = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["clinic", "birth_date_index"], name="patient_by_birth_date"
            ),
            models.Index(fields=["clinic", "-created_at"], name="patient_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="MERGED", merged_into__isnull=False)
                | (~models.Q(status="MERGED") & models.Q(merged_into__isnull=True)),
                name="patient_merged_into_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_indexes()
        fields = kwargs.get("update_fields")
        if fields is not None and "birth_date" in fields:
            kwargs["update_fields"] = {*fields, "birth_date_index"}
        super().save(*args, **kwargs)

    def set_indexes(self) -> None:
        """Called by save; a bulk insert calls it itself."""
        birth_date = self.birth_date
        self.birth_date_index = birth_date_index(birth_date) if birth_date else ""

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)


class PatientIdentifier(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="identifiers"
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="identifiers"
    )
    system = models.CharField(max_length=200)
    value = EncryptedTextField()
    value_index = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "system", "value_index"], name="identifier_once"
            )
        ]

    def __str__(self) -> str:
        return f"identifier {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_indexes()
        super().save(*args, **kwargs)

    def set_indexes(self) -> None:
        self.value_index = identifier_index(self.value)
