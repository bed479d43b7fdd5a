"""Counts every stored row, or bulk-inserts bare ones: manage.py bench_rows."""

import time
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from bench.site.models import BareRow


class Command(BaseCommand):
    """Prints one number: the rows there are, or the seconds of CPU it took."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many to insert, and how many in one commit."""
        parser.add_argument("--insert", type=int)
        parser.add_argument("--batch", type=int, default=2000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, or insert."""
        if options["insert"] is None:
            self.stdout.write(
                str(sum(m._default_manager.count() for m in apps.get_models()))
            )
            return
        began = time.process_time()
        left = options["insert"]
        while left > 0:
            insert(min(left, options["batch"]))
            left -= options["batch"]
        self.stdout.write(str(time.process_time() - began))


@transaction.atomic
def insert(count: int) -> None:
    """Store `count` rows in one commit."""
    at = timezone.now()
    BareRow.objects.bulk_create(
        BareRow(link_id="/44250-9", value=1, at=at) for _ in range(count)
    )
