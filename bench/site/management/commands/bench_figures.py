"""Stores reviewed cases and prints how the figures are reached: bench_figures 500 5000."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.site import cases, reviewed, sittings
from bench.site.counting import queries
from core.models import Role, User

DAYS, LONG_AGO, YEARS = 29, 100, 1_000


class Command(BaseCommand):
    """Prints paths, cookie and the queries that the pages take."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many of the last month, and how many from before."""
        parser.add_argument("recent", type=int)
        parser.add_argument("old", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, look twice at each page, count the second look."""
        home, now = sittings.clinic(), timezone.now()
        cookie = cases.signed_in(home)
        staff = User.objects.filter(clinic=home)
        staff.update(role=Role.SUPERVISOR)
        by = staff.get()
        reviewed.fill(home, by, options["recent"], newest=now, days=DAYS)
        long_ago = now - timedelta(days=LONG_AGO)
        reviewed.fill(home, by, options["old"], newest=long_ago, days=YEARS)
        names = ("clinicians:figures", "clinicians:figures-rules")
        paths = [reverse(name) for name in names]
        browser = Client(HTTP_COOKIE=cookie, SERVER_NAME="127.0.0.1")
        count = 0
        for path in paths:
            browser.get(path)  # the first look of a session notes when it was
            with queries() as seen:
                page = browser.get(path)
            if page.status_code != 200:
                raise RuntimeError(f"{path} answered {page.status_code}.")
            count += len(seen)
        report = {"paths": paths, "cookie": cookie, "queries": count}
        self.stdout.write(json.dumps(report))
