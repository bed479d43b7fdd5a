"""A screening: what a patient was invited to, and how far it has come."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from core.models import Clinic, EncryptedTextField, Patient
from screening.domain.instruments import Instrument
from screening.models.definition import Definition


class Screening(models.Model):
    """One sitting: one or more administrations, asked in order.

    `audit_seq` and `audit_head` are the head of this screening's own audit chain,
    so that turns of different patients never queue behind one another.
    """

    class Status(models.TextChoices):
        INVITED = "INVITED"
        CONSENTED = "CONSENTED"
        IN_PROGRESS = "IN_PROGRESS"
        COMPLETED = "COMPLETED"
        WITHDRAWN = "WITHDRAWN"
        EXPIRED = "EXPIRED"

    # The patient may still answer.
    OPEN = (Status.INVITED, Status.CONSENTED, Status.IN_PROGRESS)

    class Origin(models.TextChoices):
        INVITATION = "INVITATION"
        STAFF = "STAFF"
        IMPORT = "IMPORT"

    class Mode(models.TextChoices):
        """How staff came by the answers that they entered."""

        PAPER = "PAPER", "From paper"
        PHONE = "PHONE", "Asked by telephone"
        IN_PERSON = "IN_PERSON", "Asked in person"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="screenings"
    )
    battery: models.JSONField[list[str], list[str]] = models.JSONField()
    language = models.CharField(max_length=10)
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.INVITED
    )
    origin = models.CharField(
        max_length=12, choices=Origin.choices, default=Origin.INVITATION
    )
    # Only where staff entered it: how, and when the patient answered.
    mode = models.CharField(
        max_length=10, choices=Mode.choices, blank=True, default="", db_default=""
    )
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True)
    session_nonce = models.CharField(max_length=43, blank=True)
    # Since when this session runs: what was answered before is not shown by itself.
    session_opened_at = models.DateTimeField(null=True)
    # When the patient asked, in this session, to see what was answered before.
    earlier_shown_at = models.DateTimeField(null=True)
    adult_confirmed_at = models.DateTimeField(null=True)
    minor_stopped_at = models.DateTimeField(null=True)
    about_seen_at = models.DateTimeField(null=True)
    callback_number = EncryptedTextField(blank=True)
    whereabouts = EncryptedTextField(blank=True)
    emergency_contact = EncryptedTextField(blank=True)
    consented_at = models.DateTimeField(null=True)
    consent_version = models.CharField(max_length=20, blank=True)
    ai_consent = models.BooleanField(default=False)
    # When the choice about a model's help was last made anew, after the consent.
    ai_chosen_at = models.DateTimeField(null=True)
    # The patient chose a plain list of pages instead of the conversation.
    as_list = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Entered in error: still here, and no result of this patient any more.
    retracted_at = models.DateTimeField(null=True)
    turn_seq = models.PositiveIntegerField(default=0)
    audit_seq = models.PositiveIntegerField(default=0)
    audit_head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="COMPLETED") | Q(completed_at__isnull=True),
                name="screening_completed_at_only_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True)
                | Q(status__in=["COMPLETED", "WITHDRAWN", "EXPIRED"]),
                name="screening_retracted_only_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["started_at"],
                name="screening_in_progress",
                condition=Q(status="IN_PROGRESS"),
            ),
            models.Index(fields=["patient", "created_at"], name="screening_by_patient"),
            models.Index(fields=["clinic", "created_at"], name="screening_by_time"),
            models.Index(
                fields=["clinic", "retracted_at"],
                name="screening_retracted",
                condition=Q(retracted_at__isnull=False),
            ),
            models.Index(
                fields=["clinic", "ai_chosen_at"],
                name="screening_help_chosen",
                condition=Q(ai_chosen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"screening {self.id} ({self.status})"

    @property
    def is_open(self) -> bool:
        """Return whether the patient may still answer."""
        return self.status in self.OPEN

    @property
    def begun_again(self) -> bool:
        """Return whether it replaces one whose window had passed: that is the only
        screening that a patient makes, by opening the link once more."""
        return self.created_by_id == str(self.patient_id)

    def hides(self, at: datetime | None) -> bool:
        """Return whether what was given at this moment is kept out of sight: it is
        from before this opening of the link, and nobody has asked to see it."""
        since = self.session_opened_at
        if at is None or since is None or self.earlier_shown_at is not None:
            return False
        return at < since


class Invitation(models.Model):
    """A way in for one patient: only the token's hash is kept.

    Works until submit, expiry or revocation; every opening needs the second
    check, and five failed tries lock this link, never the person.
    """

    MAX_TRIES = 5

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="invitations"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField()
    created_by_id = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_id = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    # On a device of the clinic: after so long at rest the session there is over, and
    # so long before that it warns.
    device_idle_seconds = models.PositiveIntegerField(null=True)
    device_warning_seconds = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def device(self) -> str:
        """Seconds at rest and of warning, where a device of the clinic opens it."""
        if self.device_idle_seconds is None:
            return ""
        return f"{self.device_idle_seconds}:{self.device_warning_seconds or 0}"


class Administration(models.Model):
    """One filling-in of one instrument, with the definition it was given with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(
        Screening, on_delete=models.PROTECT, related_name="administrations"
    )
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    # How it follows from an earlier one (`domain.stepping.Follows`), as it was planned.
    follows: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = (
        models.JSONField(null=True)
    )
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "position"], name="administration_position_once"
            )
        ]
        indexes = [
            # What records systems ask for: whatever is new since they last asked.
            models.Index(
                fields=["completed_at"],
                name="administration_submitted",
                condition=Q(completed_at__isnull=False),
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"administration {self.id}"

    @property
    def instrument(self) -> Instrument:
        """Return the instrument as this patient was given it."""
        return self.definition.instrument


class Score(models.Model):
    """The result of one submitted administration, computed by plain code."""

    administration = models.OneToOneField(
        Administration, on_delete=models.PROTECT, primary_key=True
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    instrument_id = models.CharField(max_length=40)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    band = models.CharField(max_length=40, blank=True)
    complete = models.BooleanField()
    prorated = models.BooleanField(default=False)
    at_cut = models.BooleanField(null=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    at = models.DateTimeField()
    # 1 as submitted; each amendment adds one and keeps what it replaced.
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    amended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["patient", "instrument_id", "at"], name="score_history"
            ),
            models.Index(
                fields=["clinic", "amended_at"],
                name="score_amended",
                condition=Q(amended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.total}"
