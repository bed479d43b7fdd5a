"""The files of an export, stored in whole pieces, and streamed back out of them.

Where they are is for the storage called "exports" to know: a folder, or a bucket. A
bucket knows no appending, so a file is its pieces, each named by where it begins. Only
what was stored whole is ever counted, and so no half line can be served.
"""

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages

# What a worker holds in memory at most, but for a page of rows, before it is stored.
PIECE = 8 * 1024 * 1024
_CHUNK = 64 * 1024


class Away(Exception):
    """The storage cannot be reached now; what it holds may well be there."""


class Writer:
    """This worker's files of one export. `written`: by type, bytes and lines stored."""

    def __init__(self, export_id: UUID, part: int) -> None:
        self.export_id, self.part = export_id, part
        self.written: dict[str, tuple[int, int]] = {}
        self._gathered: dict[str, tuple[io.BytesIO, int]] = {}
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether enough is gathered to be worth a piece."""
        return self._bytes >= PIECE

    def add(self, resource: str, lines: Sequence[bytes]) -> None:
        """Gather lines of one type of resource."""
        if not lines:
            return
        buffer, count = self._gathered.get(resource) or (io.BytesIO(), 0)
        self._bytes += buffer.write(b"\n".join(lines) + b"\n")
        self._gathered[resource] = buffer, count + len(lines)

    def store(self, before_each: Callable[[], object] = lambda: None) -> None:
        """Store what is gathered; only then may it be said to be there.

        `before_each`: called before each piece, since a bucket may take long over one.
        """
        place = _place()
        for resource, (buffer, count) in self._gathered.items():
            before_each()
            size, lines = self.written.get(resource, (0, 0))
            name = _name(self.export_id, resource, self.part, size)
            more = buffer.tell()
            buffer.seek(0)
            place.save(name, File(buffer, name=name))
            self.written[resource] = size + more, lines + count
        self._gathered, self._bytes = {}, 0


def remove(export_id: UUID) -> None:
    """Take the files away; again is harmless."""
    place, folder = _place(), str(export_id)
    for name in names(export_id):
        place.delete(f"{folder}/{name}")
    place.delete(folder)


def names(export_id: UUID) -> list[str]:
    """The pieces that are there of an export, also what no file counts."""
    try:
        return _place().listdir(str(export_id))[1]
    except FileNotFoundError:
        return []


def read(
    export_id: UUID, resource: str, part: int, *, size: int, zipped: bool
) -> Iterator[bytes]:
    """The first `size` bytes, a bit at a time; raises FileNotFoundError or Away at once."""
    try:
        first = _place().open(_name(export_id, resource, part, 0))
    except FileNotFoundError:
        raise
    except Exception as error:  # each storage's library has errors of its own
        raise Away from error
    content = _content(first, export_id, resource, part, size)
    return _zipped(content) if zipped else content


def _content(
    first: File[bytes], export_id: UUID, resource: str, part: int, size: int
) -> Iterator[bytes]:
    piece, at = first, 0
    while True:
        with piece:
            for chunk in piece.chunks(_CHUNK):
                at += len(chunk)
                yield chunk
        if at >= size:
            return
        piece = _place().open(_name(export_id, resource, part, at))


def _zipped(content: Iterator[bytes]) -> Iterator[bytes]:
    zipper = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for chunk in content:
        yield zipper.compress(chunk)
    yield zipper.flush()


def _place() -> Storage:
    return storages["exports"]


def _name(export_id: UUID, resource: str, part: int, begins: int) -> str:
    return f"{export_id}/{resource}-{part}-{begins:012d}.ndjson"
