"""What a patient said, turn by turn, and the answers that came of it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from core.models import EncryptedTextField
from screening.models.definition import Definition
from screening.models.screening import Administration, Screening


class Turn(models.Model):
    """One thing said by a patient. Its key makes a replay harmless.

    `words` are kept before anything is understood of them; `interpretation`,
    `outcome` and `reply` (a clarification exactly as shown) are filled in once, in
    the second step of the same turn.
    """

    class Kind(models.TextChoices):
        TAP = "TAP"
        DECLINE = "DECLINE"
        WORDS = "WORDS"
        CONFIRM = "CONFIRM"
        ASK = "ASK"
        SUBMIT = "SUBMIT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="turns"
    )
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, null=True
    )
    link_id = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=64)
    # Tells a replay from another thing said under the same key.
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = EncryptedTextField(blank=True)
    reply = EncryptedTextField(blank=True)
    interpretation: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict
    )
    outcome: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screening", "key"], name="turn_key_once")
        ]
        indexes = [models.Index(fields=["screening", "at"], name="turn_by_screening")]

    def __str__(self) -> str:
        return f"turn {self.id}"


class Answer(models.Model):
    """One answer to one item. Append-only: a change is a new row.

    The answer that counts is the one with the highest `seq` for its item.
    """

    class Origin(models.TextChoices):
        TAPPED = "TAPPED"
        CONFIRMED = "CONFIRMED"
        STAFF = "STAFF"
        IMPORTED = "IMPORTED"
        # Given once, in a short form, and kept for its longer one.
        KEPT = "KEPT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="answers"
    )
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="answers"
    )
    seq = models.PositiveIntegerField()
    link_id = models.CharField(max_length=40)
    value = models.SmallIntegerField(null=True)
    declined = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    turn = models.ForeignKey(
        Turn, on_delete=models.PROTECT, null=True, related_name="answers"
    )
    shown: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict
    )
    # In whose words it stood on the page, where the form has others: the language
    # was switched in another window while this question was open.
    asked_as = models.ForeignKey(
        Definition,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    seconds = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "seq"], name="answer_seq_once"
            ),
            models.CheckConstraint(
                condition=Q(declined=True, value__isnull=True)
                | Q(declined=False, value__isnull=False),
                name="answer_value_or_declined",
            ),
        ]
        indexes = [
            models.Index(fields=["administration", "seq"], name="answer_by_admin")
        ]

    def __str__(self) -> str:
        return f"answer {self.link_id}"
