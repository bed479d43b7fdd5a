"""Makes the index of patients' names anew: after a lost key is back, or a restore."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.models import Patient
from core.models.patient import NAMES_UNREADABLE


class Command(BaseCommand):
    help = "Index patients' names that could not be read before; with --all, all names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="those indexed too")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = Patient.objects.all()
        if not options["all"]:
            rows = rows.filter(names_indexed__lte=0)
        done = unreadable = 0
        for row in rows.order_by("id").iterator(chunk_size=500):
            row.index_names()
            unreadable += row.names_indexed == NAMES_UNREADABLE
            done += 1
        self.stdout.write(f"{done - unreadable} patients can be found by name.")
        if unreadable:
            raise CommandError(f"{unreadable} names cannot be read: a key is missing.")
