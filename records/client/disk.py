"""A folder as a storage whose files are still there after a power cut."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """In RECORDS_FOLDER: for this system's user alone, and safe before it is counted."""

    def __init__(self) -> None:
        super().__init__(
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
            allow_overwrite=True,
        )

    @property
    def location(self) -> str:
        """Asked anew each time, as everything else in that folder is."""
        return os.path.abspath(Path(settings.RECORDS_FOLDER) / "exports")

    def _save(self, name: str, content: File[Any]) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        _sync(path)
        # The name of a file is in its folder, and the folder's in the one above.
        for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
            _sync(folder)
        return saved


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
