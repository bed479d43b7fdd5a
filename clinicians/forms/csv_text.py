"""A CSV file as spreadsheets really write it: its bytes, its marks, its first line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

MARKS = (",", ";", "\t")
# The first line that some spreadsheets write to tell their own mark.
_TOLD_MARK = re.compile(r"^sep=([,;\t])\r?\n", re.IGNORECASE)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class FileRefused(ValueError):
    """The file as a whole cannot be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text. `guessed`: it did not say how its letters are written."""

    text: str
    guessed: bool = False


def decode(content: bytes) -> Decoded:
    """The text of a file: UTF-8, or what Windows spreadsheets write without it.

    The second is a guess, which whoever imports has to look at.
    """
    if content.startswith(UTF_16):
        return Decoded(_decoded(content, "utf-16"))
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Decoded(_decoded(content, "cp1252"), guessed=True)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(
            "The letters of this file cannot be read. In a spreadsheet, save it as "
            "“CSV UTF-8”, then try again."
        ) from error


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns in the order of the file, those that are not read, and the rows."""

    columns: Sequence[str]
    ignored: Sequence[str]
    rows: Iterator[tuple[int, list[str]]]


def read_sheet(text: str, *, names: Mapping[str, str], most_lines: int) -> Sheet:
    """Read the first line; the rows follow as they are asked for.

    `names`: what a column may be called, in the form of `plain`, to what it is.
    """
    if "\x00" in text:
        raise FileRefused("This is not a text file. Save it as CSV and try again.")
    told = _TOLD_MARK.match(text)
    mark = told[1] if told else _mark(text)
    source = io.StringIO(text[told.end() :] if told else text, newline="")
    reader = csv.reader(source, delimiter=mark, strict=True)
    rows = _numbered(reader, skipped=1 if told else 0)
    _, first = next(rows, (1, []))
    first = _without_end(first)
    columns = [names.get(plain(name), "") for name in first]
    ignored = [
        name.strip() for name, known in zip(first, columns, strict=True) if not known
    ]
    return Sheet(columns, ignored, _rows(rows, len(columns), most_lines))


def _mark(text: str) -> str:
    """The mark that divides the first line most often; a comma where none does."""
    first = text.partition("\n")[0]
    return max(MARKS, key=first.count)


def plain(name: str) -> str:
    """A column's name without case and marks: `Birth date` is `birth_date`."""
    return re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")


def _without_end(cells: list[str]) -> list[str]:
    """A line without the empty cells that spreadsheets append."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


class _Lines(Protocol):
    """What `csv.reader` gives: rows, and on which line it stands."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def _numbered(reader: _Lines, *, skipped: int) -> Iterator[tuple[int, list[str]]]:
    try:
        for cells in reader:
            yield reader.line_num + skipped, cells
    except csv.Error as error:
        line = reader.line_num + skipped
        raise FileRefused(f"Line {line} cannot be read: {error}.") from error


def _rows(
    rows: Iterator[tuple[int, list[str]]], width: int, most_lines: int
) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if number > most_lines:
            raise FileRefused(f"More than {most_lines} lines. Split the file.")
        if not any(cell.strip() for cell in cells):
            continue
        # Spreadsheets append empty cells; anything else beyond the first line counts.
        surplus = any(cell.strip() for cell in cells[width:])
        yield number, cells if surplus else cells[:width]
