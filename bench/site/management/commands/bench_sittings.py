"""Prints screenings ready for their first answer: manage.py bench_sittings 40."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from bench.site import sittings


class Command(BaseCommand):
    """Makes them by the product's own steps, from invitation to consent."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON list."""
        home = sittings.clinic()
        made = [sittings.sitting(home) for _ in range(options["count"])]
        self.stdout.write(json.dumps(made))
