"""Prints the current one-time codes of the demo's synthetic staff, and of nobody else."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.core.management.base import BaseCommand, CommandError

from core.models import Clinic

PERIOD = 30


class Command(BaseCommand):
    """`manage.py demo_code`"""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a person; refuse where there is no demo clinic."""
        rows = Authenticator.objects.filter(
            type=Authenticator.Type.TOTP, user__clinic__purpose=Clinic.Purpose.DEMO
        ).select_related("user")
        if not rows:
            raise CommandError("There is no demo clinic here. Run `make demo` first.")
        counter = next(iter(yield_hotp_counters_from_time()))
        for row in rows:
            code = format_hotp_value(hotp_value(decrypt(row.data["secret"]), counter))
            self.stdout.write(f"{row.user.email:<22} {code}")
        left = PERIOD - int(time.time()) % PERIOD
        self.stdout.write(f"These hold for {left} more seconds, once each.")
