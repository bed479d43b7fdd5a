"""Stores finished results and asks for an export of them: manage.py bench_results 1000."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from bench.site import results
from core.audit import Actor
from core.models import Clinic
from records.actions import create_client
from records.outbox.exports import Ask, ask

TYPES = ["Patient", "QuestionnaireResponse", "Observation", "Provenance"]


class Command(BaseCommand):
    """Prints nothing: the rows are what is wanted."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, then ask as a client would."""
        at, count = timezone.now(), options["count"]
        home = Clinic.objects.create(name=f"Bench {count}", created_at=at)
        results.fill(home, count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what the database does by itself in an hour
        client = create_client(
            clinic=home,
            name="Bench",
            scopes=[f"system/{one}.rs" for one in TYPES],
            by=Actor.system("bench"),
            at=at,
        )
        ask(client=client, wanted=Ask(level="system", types=TYPES, request="/"), at=at)
