"""Ends a program's access to a clinic's record at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.audit import Actor
from records.actions import revoke_client
from records.management.clinics import find_clinic
from records.models import ApiClient


class Command(BaseCommand):
    help = "Revoke a FHIR client of a clinic, with all of its tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's name or id")
        parser.add_argument("--name", required=True, help="what the program is called")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic, name = find_clinic(options["clinic"]), options["name"]
        client = ApiClient.objects.filter(clinic=clinic, name=name, active=True).first()
        if client is None:
            raise CommandError(f"{clinic} has no active client named {name}.")
        by = Actor.system("revoke_api_client")
        revoke_client(client=client, by=by, at=timezone.now())
        self.stdout.write(f"{name} can no longer read the record of {clinic}.")
