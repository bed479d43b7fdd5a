"""Sends results to the systems that a clinic has named, and makes bulk exports.

Run it beside the web process. Two of them do no harm; without one a Celery worker with
beat does the same every half minute.
"""

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from records.tasks import tick

log = logging.getLogger(__name__)


def _round() -> bool:
    """One round. A database that is away for a while ends no sender: it comes back."""
    try:
        return tick()
    except Exception:
        log.exception("deliver: a round broke off")
        return False


class Command(BaseCommand):
    help = "Send finished results to other systems, and make exports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="what is due, then end")
        parser.add_argument(
            "--interval", type=float, default=5.0, help="seconds between rounds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            while tick():
                pass
            return
        stop = Event()

        def end(signum: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        log.info("deliver: started, every %s s", options["interval"])
        while not stop.is_set():
            close_old_connections()
            if not _round():
                stop.wait(options["interval"])
        log.info("deliver: stopped")
