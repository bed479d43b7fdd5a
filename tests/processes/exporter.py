"""A worker of its own that makes exports in small pages: python -m tests.processes.exporter.

With "torn" it kills itself in the middle of writing its third piece, half of it written;
with "slow" it takes its time over each piece, so that somebody else can kill it.
"""

import dataclasses
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import django

ROWS, BEFORE, SLOWLY = 4, 2, 0.2


def _tear(storage: Any, name: str, content: Any) -> None:
    path = Path(storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = content.read()
    path.write_bytes(whole[: len(whole) // 2 - 9])
    os.kill(os.getpid(), signal.SIGKILL)


def main(how: str) -> None:
    """Work as manage.py deliver does, with pages of a few rows, each stored."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from records.client import disk, store  # noqa: PLC0415
    from records.definitions import delivery_policy  # noqa: PLC0415
    from records.tasks import exporting  # noqa: PLC0415

    policy = dataclasses.replace(delivery_policy(), export_page=ROWS)
    vars(exporting)["delivery_policy"] = lambda: policy
    store.PIECE = 1
    plain, pieces = disk.DurableStorage._save, []

    def save(self: Any, name: str, content: Any) -> str:
        pieces.append(name)
        if how == "torn" and len(pieces) > BEFORE:
            _tear(self, name, content)
        if how == "slow":
            time.sleep(SLOWLY)
        return plain(self, name, content)

    disk.DurableStorage._save = save  # type: ignore[method-assign]
    call_command("deliver", once=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
