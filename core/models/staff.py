"""The people who sign in: one clinic, one role, a second factor."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.utils.crypto import salted_hmac

from core.models.clinic import Clinic


class Role(StrEnum):
    ADMINISTRATOR = "ADMINISTRATOR"
    CLINICIAN = "CLINICIAN"
    SUPERVISOR = "SUPERVISOR"
    FRONT_DESK = "FRONT_DESK"
    WORDING_REVIEWER = "WORDING_REVIEWER"
    LIVED_EXPERIENCE = "LIVED_EXPERIENCE"
    AUDITOR = "AUDITOR"

    @property
    def label(self) -> str:
        return {
            "FRONT_DESK": "Front desk",
            "WORDING_REVIEWER": "Clinical reviewer of wordings",
            "LIVED_EXPERIENCE": "Reviewer with lived experience",
        }.get(self.value, self.value.capitalize())


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, related_name="staff"
    )
    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(
        max_length=20, choices=[(role.value, role.label) for role in Role]
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # Raising it ends every session at once, wherever it is open.
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]),
                name="user_role_known",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "core.User.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
