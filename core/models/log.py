"""The audit log (no foreign keys: it may never block live data) and the heartbeat."""

import uuid

from django.db import models


class AuditEvent(models.Model):
    """One thing that somebody did; append-only, chained by hash within its chain."""

    class ActorKind(models.TextChoices):
        STAFF = "STAFF", "Staff"
        PATIENT = "PATIENT", "Patient"
        SYSTEM = "SYSTEM", "System"
        CLIENT = "CLIENT", "API client"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    # Ids and kinds, never a word that a patient wrote.
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "seq"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object")
        ]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_one_line")
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.kind}"


class AuditChain(models.Model):
    """Where a chain ends; locked by whoever adds to it."""

    name = models.CharField(primary_key=True, max_length=80)
    seq = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.name}#{self.seq}"


class AuditHead(models.Model):
    """A day's closing line: the heads of the chains that moved, joined into one hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(unique=True)
    at = models.DateTimeField()
    chain_count = models.PositiveIntegerField()
    # {chain: [seq, hash]}
    links = models.JSONField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.hash}"


class SystemHeartbeat(models.Model):
    """When a loop that must not stop was last alive."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
