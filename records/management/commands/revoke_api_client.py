"""Ends a program's access to a clinic's record at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.audit import Actor
from records.actions import revoke_client, revoke_token
from records.management.clinics import find_client, find_clinic


class Command(BaseCommand):
    help = "Revoke a FHIR client of a clinic, with all of its tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's name or id")
        parser.add_argument("--name", required=True, help="the program's name or id")
        parser.add_argument(
            "--but-newest",
            action="store_true",
            help="leave the client its newest token, once the program uses that",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clinic, name = find_clinic(options["clinic"]), options["name"]
        client = find_client(clinic, name)
        by, at = Actor.system("revoke_api_client"), timezone.now()
        if options["but_newest"]:
            open_ones = client.tokens.filter(revoked_at__isnull=True)
            older = open_ones.order_by("-created_at")[1:]
            for token in older:
                revoke_token(token=token, by=by, at=at)
            self.stdout.write(f"{len(older)} older tokens of {name} are closed.")
            return
        revoke_client(client=client, by=by, at=at)
        self.stdout.write(f"{name} can no longer read the record of {clinic}.")
