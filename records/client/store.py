"""The files of an export on disk: appended by one worker, served up to what is safe."""

import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

_CHUNK = 64 * 1024


class Writer:
    """This worker's files of one export. `written`: by type, bytes and lines."""

    def __init__(self, export_id: UUID, part: int) -> None:
        self.part = part
        self.folder = folder_of(export_id)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.files: dict[str, BinaryIO] = {}
        self.written: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self.files.values():
            file.close()

    def add(self, resource: str, lines: Sequence[bytes]) -> None:
        """Append lines of one type of resource."""
        if not lines:
            return
        if resource not in self.files:
            path = self.folder / f"{resource}-{self.part}.ndjson"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self.files[resource] = os.fdopen(handle, "wb")
        content = b"".join(line + b"\n" for line in lines)
        self.files[resource].write(content)
        size, count = self.written.get(resource, (0, 0))
        self.written[resource] = (size + len(content), count + len(lines))

    def make_safe(self) -> None:
        """Only what is on the disk may be said to be there."""
        for file in self.files.values():
            file.flush()
            os.fsync(file.fileno())


def folder_of(export_id: UUID) -> Path:
    return Path(settings.RECORDS_FOLDER) / "exports" / str(export_id)


def remove(export_id: UUID) -> None:
    """Take the files away; again is harmless."""
    shutil.rmtree(folder_of(export_id), ignore_errors=True)


def read(
    export_id: UUID, resource: str, part: int, *, size: int, zipped: bool
) -> Iterator[bytes]:
    """The first `size` bytes, a piece at a time; raises FileNotFoundError at once."""
    path = folder_of(export_id) / f"{resource}-{part}.ndjson"
    file = path.open("rb")
    return _zipped(_pieces(file, size)) if zipped else _pieces(file, size)


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    with file:
        while size > 0:
            piece = file.read(min(_CHUNK, size))
            if not piece:
                return
            size -= len(piece)
            yield piece


def _zipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    zipper = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        yield zipper.compress(piece)
    yield zipper.flush()
