"""Makes a clinic and its first administrator."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from core import accounts
from core.audit import Actor
from core.models import Role
from screening.definitions.files import ROOT
from screening.definitions.lines import read_lines

BY = Actor.system("create_clinic")


class Command(BaseCommand):
    help = "Make a clinic and its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the clinic's name")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--country", default="US", help="two letters")
        parser.add_argument("--time-zone", default="America/New_York")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input; without it a link is printed",
        )

    def handle(self, **options: Any) -> None:
        password = (
            sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
        )
        at = timezone.now()
        try:
            with transaction.atomic():
                clinic = accounts.create_clinic(
                    name=options["name"],
                    country=_known(options["country"]),
                    time_zone=options["time_zone"],
                    # Somebody must hear the first alarm; the clinic adds steps later.
                    ladder=[{"step": "team", "emails": [options["admin_email"]]}],
                    by=BY,
                    at=at,
                )
                user = accounts.add_staff(
                    clinic=clinic,
                    email=options["admin_email"],
                    name=options["admin_name"],
                    role=Role.ADMINISTRATOR,
                    password=password,
                    by=BY,
                    at=at,
                )
        except accounts.AccountRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{clinic.name} is there; its id is {clinic.pk}.")
        if password is None:
            link = settings.BASE_URL + accounts.password_path(user)
            self.stdout.write(f"{user.name} sets a password here, once:\n{link}")


def _known(country: str) -> str:
    """The country, if its patients can be given an emergency number."""
    known = sorted(read_lines(ROOT))
    if country.upper() not in known:
        raise accounts.AccountRefused(
            f"We have no crisis lines for {country}. Known are: {', '.join(known)}."
        )
    return country
