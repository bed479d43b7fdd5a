"""Counts what one answer asks of the database: manage.py bench_turns."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.test import Client

from bench.site import sittings
from bench.site.counting import commits_of, queries

FORM = "application/x-www-form-urlencoded"


class Command(BaseCommand):
    """Answers one screening in this process and prints queries and commits."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print queries of each turn and of the page after it, and all commits."""
        sat = sittings.sitting(sittings.clinic())
        browser = Client(HTTP_COOKIE=sat["cookie"], SERVER_NAME="127.0.0.1")
        overhead = commits_of(lambda: None)
        counted: list[int] = []
        commits = commits_of(lambda: answer(browser, sat["posts"], counted))
        with queries() as page:
            browser.get(sat["posts"][0]["path"])
        report = {
            "turns": len(sat["posts"]),
            "queries": sorted(set(counted)),
            "commits": commits - overhead,
            "page_queries": len(page),
        }
        self.stdout.write(json.dumps(report))


def answer(browser: Client, posts: list[dict[str, str]], counted: list[int]) -> None:
    """Post every answer, noting how many queries each took."""
    for post in posts:
        with queries() as seen:
            page = browser.post(post["path"], post["body"], content_type=FORM)
        if page.status_code != 302 or "note" in page["Location"]:
            raise RuntimeError(f"{post['path']} was not taken: {page.status_code}")
        counted.append(len(seen))
