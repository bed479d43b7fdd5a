"""Where results go, and each result owed to a place: one row for a version of it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from core.models import Clinic, EncryptedTextField, Patient
from records.models.owed import Owed
from records.workflow import OPEN, State
from screening.models import Administration

_OPEN = sorted(state.value for state in OPEN)


class Destination(models.Model):
    """A system outside that a clinic sends its finished results to.

    `since_at`: results that came to stand in the record from then on are owed.
    `planned_to_at`: up to when everything owed has its row. `retry_at`: the receiver
    as a whole was not reached, or does not let us in; nothing is tried before.
    """

    class Kind(models.TextChoices):
        FHIR = "FHIR", "FHIR server"
        WEBHOOK = "WEBHOOK", "Webhook"
        HL7_MLLP = "HL7_MLLP", "HL7 v2 over a network (MLLP)"
        HL7_FILE = "HL7_FILE", "HL7 v2 files in a folder"
        CSV_FILE = "CSV_FILE", "CSV files in a folder"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    address = EncryptedTextField(blank=True, default="")
    secret = EncryptedTextField(blank=True, default="")
    since_at = models.DateTimeField()
    planned_to_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "name"],
                condition=Q(ended_at__isnull=True),
                name="destination_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(Owed):
    """One version of one finished administration, owed to one destination.

    The same version is owed once more when its patient's record was merged, parted or
    renumbered, and when it was marked as entered in error: `caused_at` tells them apart.

    Its id is what a receiver knows it by, however often it is sent. `patient` is whose
    it is in the order of sending: the record that stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destination = models.ForeignKey(
        Destination, on_delete=models.PROTECT, related_name="deliveries"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveSmallIntegerField()
    # What the receiver said it made of it: statuses and addresses, never contents.
    receipt: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = (
        models.JSONField(default=list)
    )

    class Meta:
        ordering = ["caused_at", "id"]
        indexes = [
            models.Index(
                fields=["destination", "next_at"],
                name="delivery_owed",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["destination", "state", "caused_at"], name="delivery_by_state"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["destination", "administration", "version", "caused_at"],
                name="delivery_once_for_each_cause",
            ),
            # Two workers cannot be sending for one patient, whatever they think.
            models.UniqueConstraint(
                fields=["destination", "patient"],
                condition=Q(state=State.SENT.value),
                name="delivery_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, next_at__isnull=False)
                | (~Q(state__in=_OPEN) & Q(next_at__isnull=True)),
                name="delivery_owed_until_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.id}"
