"""A bulk export: what was asked for, how far it has come, and its files."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from core.models import Clinic
from records.models.clients import ApiClient


class Export(models.Model):
    """One export that a client asked for; a worker makes it, and it is kept a while.

    `until_at` is its transaction time: what changed after that is for the next one.
    `cursor`: the kind of row and the last one that is safely written, so that a worker
    that was killed is followed by one that goes on there. `claims` only grows. `next_at`:
    when somebody has to look at it; after its end, to take its files away.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Asked for"
        RUNNING = "RUNNING", "Being made"
        DONE = "DONE", "Made"
        FAILED = "FAILED", "Failed"
        CANCELLED = "CANCELLED", "Cancelled"
        EXPIRED = "EXPIRED", "Expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT)
    level = models.CharField(max_length=10)
    types: models.JSONField[list[str], list[str]] = models.JSONField()
    patients: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    since_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField()
    request = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    cursor: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="export_owed",
                condition=Q(next_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"export {self.id}"


class ExportFile(models.Model):
    """One file of an export: one type of resource, written by one worker.

    The first `size` bytes are safe. A worker that takes over writes a file of its own,
    so that one that only seemed dead does no harm.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="files")
    resource = models.CharField(max_length=40)
    part = models.PositiveIntegerField()
    count = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export", "resource", "part"], name="export_file_once"
            )
        ]

    def __str__(self) -> str:
        return f"export file {self.id}"
