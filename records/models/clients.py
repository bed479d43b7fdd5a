"""Who may read a clinic's record: programs, and the tokens they show."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from core.models import Clinic


class ApiClient(models.Model):
    """A program that a clinic trusts with some of its record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    # How it proves who it is: its public keys, or where they are found. Neither: by
    # tokens that an administrator issues.
    jwks: models.JSONField[Any, Any] = models.JSONField(null=True)
    jwks_url = models.CharField(max_length=500, default="", db_default="", blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Outlives the short tokens that were used.
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "name"],
                condition=Q(active=True),
                name="api_client_active_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        """REST framework asks this of whoever makes a request."""
        return True


class ApiToken(models.Model):
    """One secret of a client. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        ApiClient, on_delete=models.PROTECT, related_name="tokens"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    # What it was asked for; empty where an administrator issued it for all of them.
    scopes: models.JSONField[Any, Any] = models.JSONField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_token_expires_after_creation",
            )
        ]

    def __str__(self) -> str:
        return f"token {self.id}"

    def opens(self, at: datetime) -> bool:
        """Return whether the token still works at `at`."""
        return self.client.active and self.revoked_at is None and at < self.expires_at

    @property
    def granted(self) -> list[str]:
        """The scopes that it carries: those it was asked for, or all of its client's."""
        registered: list[str] = self.client.scopes
        return registered if self.scopes is None else self.scopes


class UsedAssertion(models.Model):
    """An assertion that was accepted once, so that it is not accepted again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        ApiClient, on_delete=models.CASCADE, related_name="assertions", db_index=False
    )
    jti_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "jti_hash"], name="assertion_used_once"
            )
        ]

    def __str__(self) -> str:
        return f"assertion of {self.client_id}"
