"""Proves the audit log: every chain, every owner's end, every daily head."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit
from core.models import AuditEvent, AuditHead


class Command(BaseCommand):
    help = "Prove that no line of the audit log was changed, moved or taken away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="one object for programs"
        )

    def handle(self, **options: Any) -> None:
        faults = audit.verify_all()
        last = AuditHead.objects.order_by("-day").first()
        summary = {
            "lines": AuditEvent.objects.count(),
            "chains": AuditEvent.objects.values("chain").distinct().count(),
            "last_day": last.day.isoformat() if last else None,
            "last_head": last.hash if last else None,
            "faults": faults,
        }
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            self._say(summary)
        if faults:
            raise CommandError(f"{len(faults)} faults in the audit log.")

    def _say(self, summary: dict[str, Any]) -> None:
        for fault in summary["faults"]:
            self.stderr.write(fault)
        self.stdout.write("{lines} lines in {chains} chains.".format(**summary))
        if summary["last_head"]:
            self.stdout.write("Head of {last_day}: {last_head}".format(**summary))
