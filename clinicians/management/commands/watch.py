"""The safety loop: notices, escalation, expiry, and what patients are sent.

Run it beside the web process everywhere. Two of them do no harm; without one, a
banner stands on every clinician page and /readyz fails.
"""

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from clinicians.tasks import tick

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send what is owed and escalate what nobody acknowledged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")
        parser.add_argument(
            "--interval", type=float, default=5.0, help="seconds between rounds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            while tick():
                pass
            return
        stop = Event()
        self._listen(stop)
        log.info("watch: started, every %s s", options["interval"])
        while not stop.is_set():
            close_old_connections()
            # What is left over from a full round does not wait for the next.
            if not tick():
                stop.wait(options["interval"])
        log.info("watch: stopped")

    @staticmethod
    def _listen(stop: Event) -> None:
        """Let the round in hand finish, then end."""

        def end(signum: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
