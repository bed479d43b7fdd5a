"""Makes the export that was asked for, and prints what that took."""

import json
import resource
import time
from typing import Any

from django.core.management.base import BaseCommand

from records.models import Export, ExportFile
from records.tasks import tick


class Command(BaseCommand):
    """Prints the peak of memory in kB, seconds, and lines by type."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Work as a worker does, until nothing is owed."""
        began = time.monotonic()
        while tick():
            pass
        export = Export.objects.get()
        if export.state != Export.State.DONE:
            raise RuntimeError(f"The export is {export.state}.")
        counts: dict[str, int] = {}
        for file in ExportFile.objects.filter(export=export):
            counts[file.resource] = counts.get(file.resource, 0) + file.count
        report = {
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            "seconds": time.monotonic() - began,
            "counts": counts,
        }
        self.stdout.write(json.dumps(report))
