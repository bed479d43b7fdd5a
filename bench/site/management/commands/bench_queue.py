"""Stores cases and prints how the queue is reached: manage.py bench_queue 60 1000."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.test import Client
from django.urls import reverse

from bench.site import cases, sittings
from bench.site.counting import queries
from screening.models import Episode


class Command(BaseCommand):
    """Prints path, cookie and the queries that the page takes."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many of each."""
        parser.add_argument("open", type=int)
        parser.add_argument("closed", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, look twice, count the second look."""
        home = sittings.clinic()
        cases.fill(home, Episode.Status.OPEN, options["open"])
        cases.fill(home, Episode.Status.CLOSED, options["closed"])
        path, cookie = reverse("clinicians:queue"), cases.signed_in(home)
        browser = Client(HTTP_COOKIE=cookie, SERVER_NAME="127.0.0.1")
        browser.get(path)  # the first look of a session notes when it was
        with queries() as seen:
            page = browser.get(path)
        if page.status_code != 200:
            raise RuntimeError(f"{path} answered {page.status_code}.")
        report = {"path": path, "cookie": cookie, "queries": len(seen)}
        self.stdout.write(json.dumps(report))
