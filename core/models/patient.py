"""A person who is screened; who they are is sealed, what finds them is an index."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from core import crypto, names
from core.models.clinic import Clinic
from core.models.fields import EncryptedTextField

BIRTH_DATE = "core.patient.birth_date"
RECORD_NUMBER = "core.patient.identifier"
NAME = "core.patient.name"
# 0 is what waits: rows of code that knows no index, and all rows once a migration
# says that `core.names` reads names otherwise now.
NAMES_INDEXED, NAMES_UNREADABLE = 1, -1
NAMES_AT_ONCE = 2000


def birth_date_index(birth_date: str) -> str:
    """What a search by birth date (ISO text) compares."""
    return crypto.blind_index(birth_date.strip(), purpose=BIRTH_DATE)


def identifier_index(value: str) -> str:
    """What a search by record number compares; case and outer spaces do not count."""
    return crypto.blind_index(value.strip().casefold(), purpose=RECORD_NUMBER)


def name_index(clinic_id: object, word: str) -> str:
    """What a search by name compares; equal names of two clinics do not show as such."""
    return crypto.blind_index(word, purpose=f"{NAME}:{clinic_id}")


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
    # ISO text, where the day is known; `status` alone says that somebody has died.
    died_on = EncryptedTextField(blank=True, default="", db_default="")
    # Whether a search by name finds this row; see NAMES_INDEXED.
    names_indexed = models.SmallIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["clinic", "birth_date_index"], name="patient_by_birth_date"
            ),
            models.Index(fields=["clinic", "-created_at"], name="patient_newest_first"),
            models.Index(
                fields=["names_indexed"],
                name="patient_names_to_index",
                condition=Q(names_indexed=0),
            ),
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
        fields, adding = kwargs.get("update_fields"), self._state.adding
        renamed = fields is None or bool({"family_name", "given_name"} & set(fields))
        # Nothing is opened that is not written: a record whose birth date cannot be
        # read can still be merged, or set deceased.
        if fields is None or "birth_date" in fields:
            self.set_indexes()
        parts = self._name_parts() if renamed else None
        if fields is not None:
            extra = {"birth_date_index"} if "birth_date" in fields else set()
            extra |= {"names_indexed"} if renamed else set()
            kwargs["update_fields"] = {*fields, *extra}
        with transaction.atomic():
            super().save(*args, **kwargs)
            if parts is not None:
                self._store_name_parts(parts, adding=adding)

    def set_indexes(self) -> None:
        """Called by save; a bulk insert calls it itself."""
        birth_date = self.birth_date
        self.birth_date_index = birth_date_index(birth_date) if birth_date else ""

    @transaction.atomic
    def index_names(self) -> None:
        """Make the index of names anew, for rows that `save` did not write."""
        # Read anew under a lock: a name that somebody corrects meanwhile is the one.
        row = Patient.objects.select_for_update(no_key=True).get(id=self.id)
        parts = row._name_parts()
        if parts is not None:
            row._store_name_parts(parts, adding=False)
        Patient.objects.filter(id=row.id).update(names_indexed=row.names_indexed)
        self.names_indexed = row.names_indexed

    def _name_parts(self) -> list[str] | None:
        """What finds the names; None where they cannot be read: that index stays."""
        try:
            found = names.words(f"{self.given_name} {self.family_name}")
        except crypto.CannotRead:
            self.names_indexed = NAMES_UNREADABLE
            return None
        self.names_indexed = NAMES_INDEXED
        parts = (part for word in found for part in names.beginnings(word))
        return list(dict.fromkeys(parts))

    def _store_name_parts(self, parts: list[str], *, adding: bool) -> None:
        if not adding:
            self.name_parts.all().delete()
        PatientName.objects.bulk_create(self._name_rows(parts))

    def _name_rows(self, parts: list[str]) -> "list[PatientName]":
        return [
            PatientName(
                clinic_id=self.clinic_id,
                patient=self,
                value_index=name_index(self.clinic_id, part),
            )
            for part in parts
        ]

    @staticmethod
    def insert_many(rows: "Sequence[Patient]") -> None:
        """Insert new rows with all of their indexes, in the caller's transaction."""
        parts: list[PatientName] = []
        for row in rows:
            row.set_indexes()
            parts += row._name_rows(row._name_parts() or [])
        Patient.objects.bulk_create(rows)
        PatientName.objects.bulk_create(parts, batch_size=NAMES_AT_ONCE)

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def stays(self) -> "Patient":
        """The record that this person is known by: itself, unless it was merged."""
        return self.merged_into or self


def same_person(patient_id: uuid.UUID | str) -> models.QuerySet[Patient]:
    """Every record of one person, asked of any of them: what is read together.

    The one that stays and those merged into it; merging keeps this one step deep.
    """
    own = Patient.objects.filter(id=patient_id)
    stays = models.Subquery(own.values(stays=Coalesce("merged_into_id", "id")))
    return Patient.objects.filter(Q(id=stays) | Q(merged_into_id=stays))


class PatientName(models.Model):
    """A word of a name, or its beginning, as only the index key can make it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: the two below begin with what is asked for.
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, db_index=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="name_parts", db_index=False
    )
    value_index = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "value_index"], name="patient_name_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["clinic", "value_index", "patient"], name="patient_by_name"
            )
        ]

    def __str__(self) -> str:
        return f"part of a name of {self.patient_id}"


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
    # When it was last put right: results go by it in other systems.
    corrected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "system", "value_index"], name="identifier_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["clinic", "corrected_at"],
                name="identifier_corrected",
                condition=Q(corrected_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"identifier {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_indexes()
        super().save(*args, **kwargs)

    def set_indexes(self) -> None:
        self.value_index = identifier_index(self.value)
