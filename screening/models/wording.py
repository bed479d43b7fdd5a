"""A clinic's wording library: its texts, what happened to each, and work owed on it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from core.models import Clinic
from screening.domain.wordings import Level, State


class Wording(models.Model):
    """One version of one text at one clinic. Its words never change; its state does.

    A shipped text needs no row until somebody acts on it: without one it stands where
    the checks and the signatures under it say.
    """

    class State(models.TextChoices):
        PROPOSED = State.PROPOSED.value, "Proposed, did not pass the checks"
        GATED = State.GATED.value, "Passed the checks, waits for signatures"
        APPROVED = State.APPROVED.value, "Approved"
        RETIRED = State.RETIRED.value, "Retired"
        VETOED = State.VETOED.value, "Vetoed"

    class Origin(models.TextChoices):
        SHIPPED = "SHIPPED", "Written by the project"
        GENERATED = "GENERATED", "Proposed by a language model"
        WRITTEN = "WRITTEN", "Written here"
        IMPORTED = "IMPORTED", "Imported from a file"

    class Level(models.TextChoices):
        PLAIN = Level.PLAIN.value, "Plain"
        EASY = Level.EASY.value, "Easy"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    # <language>/<concept>/<name>: what its signatures stand under, with the checksum.
    key = models.CharField(max_length=120)
    concept = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    # Empty: an explanation, which has no levels.
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    version = models.PositiveIntegerField()
    text = models.TextField()
    checksum = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.PROPOSED
    )
    origin = models.CharField(max_length=10, choices=Origin.choices)
    model = models.CharField(max_length=100, blank=True)
    prompt_id = models.CharField(max_length=60, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)
    # What the checks said of this very text, and which checks they were.
    verdicts: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(
        default=list
    )
    gate_stamp = models.CharField(max_length=128, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["key", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "key", "checksum"], name="wording_text_once"
            ),
            models.UniqueConstraint(
                fields=["clinic", "key", "version"], name="wording_version_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "concept", "language"], name="wording_by_concept"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} version {self.version}"

    @property
    def mark(self) -> str:
        """The part of the checksum that addresses and answers carry."""
        return self.checksum[:12]


class WordingEvent(models.Model):
    """One thing that happened to a wording. Append-only."""

    class Kind(models.TextChoices):
        PROPOSED = "PROPOSED", "Proposed"
        GATED = "GATED", "Passed the checks"
        NOT_GATED = "NOT_GATED", "Did not pass the checks"
        SIGNED = "SIGNED", "Signed"
        APPROVED = "APPROVED", "Approved: both have signed"
        RETIRED = "RETIRED", "Retired"
        VETOED = "VETOED", "Vetoed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wording = models.ForeignKey(
        Wording, on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True
    )
    reason = models.TextField(blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.wording_id}"


class WordingRun(models.Model):
    """One request to have wordings proposed: its work is rows, so none is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    instrument_id = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    levels: models.JSONField[list[str], list[str]] = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.language} {self.at:%Y-%m-%d}"


class WordingWork(models.Model):
    """One text that a run owes. `next_at` is when it may be taken up; empty: settled.

    Taking it up moves `next_at` ahead, so work of a process that died is due again.
    """

    class Outcome(models.TextChoices):
        DUE = "DUE", "Waiting"
        GATED = "GATED", "Proposed, passed the checks"
        NOT_GATED = "NOT_GATED", "Proposed, did not pass the checks"
        KNOWN = "KNOWN", "Nothing new: the text is here already or was vetoed"
        FAILED = "FAILED", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(WordingRun, on_delete=models.PROTECT, related_name="work")
    link_id = models.CharField(max_length=40)
    concept = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Wording.Level.choices)
    position = models.PositiveIntegerField()
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.DUE
    )
    # Why it failed, in the short code that the call's row has too.
    reason = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "concept", "level"], name="wording_work_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="wording_work_due",
                condition=models.Q(next_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.concept} {self.level}: {self.outcome}"
