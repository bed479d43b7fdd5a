"""Who asked to be told of what, and each thing that was told or is still to be."""

import uuid

from django.db import models
from django.db.models import Q

from core.models import Clinic, EncryptedTextField, Patient
from records.models.clients import ApiClient
from records.models.owed import Owed
from records.workflow import OPEN, State
from records.workflow.topics import Status

_OPEN = sorted(state.value for state in OPEN)


class Subscription(models.Model):
    """What one client wants to be told of, and where.

    `events`: how many have been numbered. `activated_at`: what happened from then on is
    told. `planned_to_at`: up to when all of it has its row. `retry_at`: the receiver was
    not reached, or took nothing; it is not asked before. `barred_at`: the clinic has
    switched it off, and only the clinic lets it on again. A row outlives its deletion.
    """

    class Content(models.TextChoices):
        EMPTY = "empty", "That something happened"
        ID_ONLY = "id-only", "Ids only"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    client = models.ForeignKey(
        ApiClient, on_delete=models.PROTECT, related_name="subscriptions"
    )
    topic = models.CharField(max_length=40)
    status = models.CharField(
        max_length=9, choices=[(one.value, one.value) for one in Status]
    )
    reason = EncryptedTextField(blank=True, default="")
    endpoint = EncryptedTextField()
    # A JSON list of "Name: value"; they may hold a password.
    headers = EncryptedTextField(blank=True, default="")
    content = models.CharField(max_length=7, choices=Content.choices)
    # Only what happens to this patient, where the client said so.
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="+"
    )
    heartbeat = models.PositiveIntegerField(null=True)
    timeout = models.PositiveIntegerField(null=True)
    max_count = models.PositiveIntegerField(null=True)
    ends_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    events = models.PositiveIntegerField(default=0)
    activated_at = models.DateTimeField(null=True)
    planned_to_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    barred_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["client", "created_at"],
                name="subscription_of_client",
                condition=Q(deleted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"subscription {self.id}"


class Notification(Owed):
    """One thing that a subscriber is told: a greeting, a sign of life, or an event.

    An event keeps its number for good. `source`: what it was caused by, so that it is
    numbered once.
    """

    class Kind(models.TextChoices):
        HANDSHAKE = "handshake", "Greeting"
        HEARTBEAT = "heartbeat", "Sign of life"
        EVENT = "event-notification", "Event"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="notifications"
    )
    kind = models.CharField(max_length=18, choices=Kind.choices)
    # Of an event its own; of the others how many events there had been by then.
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=80)
    resource = models.CharField(max_length=40, blank=True, default="")
    focus = models.UUIDField(null=True)

    class Meta:
        ordering = ["created_at", "number", "id"]
        indexes = [
            models.Index(
                fields=["subscription", "created_at", "number"],
                name="notification_owed",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["subscription", "kind", "number"], name="notification_numbers"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "source"], name="notification_once"
            ),
            # In the order of their numbers: the next waits until this one is settled.
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(state=State.SENT.value),
                name="notification_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, next_at__isnull=False)
                | (~Q(state__in=_OPEN) & Q(next_at__isnull=True)),
                name="notification_owed_until_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"notification {self.id}"
