"""Lets a program read a clinic's record; prints a new token once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audit import Actor
from records.actions import create_client, issue_token
from records.management.clinics import find_client, find_clinic
from records.permissions import ScopeRefused

BY = Actor.system("create_api_client")
SCOPES = "system/QuestionnaireResponse.rs system/Observation.rs"


class Command(BaseCommand):
    help = "Create a FHIR client of a clinic and print its token, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's name or id")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--name", help="what the new program is called")
        which.add_argument(
            "--client",
            help="name or id of a client that is there: give it one more token, "
            "while those that it has go on working",
        )
        parser.add_argument(
            "--scopes", help=f"SMART scopes, with spaces between them; else {SCOPES}"
        )
        parser.add_argument("--days", type=int, default=90, help="how long it works")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= 366:
            raise CommandError("A token works for 1 to 366 days.")
        token = _issue_another(options) if options["client"] else _create(options)
        self.stdout.write(token)
        self.stderr.write("This token is shown once. Keep it as you keep a password.")


def _issue_another(options: dict[str, Any]) -> str:
    if options["scopes"] is not None:
        raise CommandError("A client keeps the scopes that it was made with.")
    client = find_client(find_clinic(options["clinic"]), options["client"])
    at = timezone.now()
    return issue_token(client=client, days=options["days"], by=BY, at=at)[1]


def _create(options: dict[str, Any]) -> str:
    clinic = find_clinic(options["clinic"])
    name, at = options["name"], timezone.now()
    scopes = SCOPES if options["scopes"] is None else options["scopes"]
    try:
        with transaction.atomic():
            client = create_client(
                clinic=clinic,
                name=name,
                scopes=scopes.split(),
                by=BY,
                at=at,
            )
            return issue_token(client=client, days=options["days"], by=BY, at=at)[1]
    except ScopeRefused as refused:
        raise CommandError(str(refused)) from refused
    except IntegrityError as error:
        raise CommandError(f"{clinic} has a client named {name} already.") from error
