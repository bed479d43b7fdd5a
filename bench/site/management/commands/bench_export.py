"""Makes the export that was asked for, reads its files, and prints what that took."""

import json
import resource
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from records.client import store
from records.models import Export, ExportFile
from records.tasks import tick

# Every so many lines are read and written again, to be compared with: all take as long.
EACH = 20


class Command(BaseCommand):
    """Prints the peak of memory in kB, CPU seconds, lines by type, and bytes."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Work as a worker does, until nothing is owed."""
        began = time.process_time()
        while tick():
            pass
        cpu = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        export = Export.objects.latest("created_at")
        if export.state != Export.State.DONE:
            raise RuntimeError(f"The export is {export.state}.")
        report = {"peak": peak, "cpu": cpu, **_read(export)}
        self.stdout.write(json.dumps(report))


def _read(export: Export) -> dict[str, Any]:
    """What is in the files that a client would be given."""
    lines: dict[str, int] = {}
    size, broken, plain = 0, 0, 0.0
    for file in ExportFile.objects.filter(export=export):
        for number, line in enumerate(_lines(file)):
            lines[file.resource] = lines.get(file.resource, 0) + 1
            size += len(line) + 1
            if number % EACH == 0:
                begun = time.process_time()
                read = json.loads(line)
                json.dumps(read, ensure_ascii=False).encode()
                plain += time.process_time() - begun
                broken += read["resourceType"] != file.resource
    return {"lines": lines, "bytes": size, "broken": broken, "plain": plain * EACH}


def _lines(file: ExportFile) -> Iterator[bytes]:
    rest = b""
    content = store.read(
        file.export_id, file.resource, file.part, size=file.size, zipped=False
    )
    for chunk in content:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        raise RuntimeError("A line has no end.")
