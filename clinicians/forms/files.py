"""Reads a CSV file of patients: every line is either a patient or a stated refusal."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from clinicians.actions.patients import Details
from clinicians.forms.patients import PatientForm
from core.models import Clinic

COLUMNS = (
    "record_number",
    "birth_date",
    "family_name",
    "given_name",
    "email",
    "phone",
    "language",
)
NEEDED = COLUMNS[:3]
MOST_LINES = 5000


class FileRefused(ValueError):
    """The file as a whole cannot be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be registered."""

    number: int
    details: Details


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class PatientFile:
    """A file as read: together, both lists have every line that is not empty."""

    lines: list[Line]
    refused: list[Refusal]


def decode(content: bytes) -> str:
    """The file's text; anything but UTF-8 is refused rather than guessed."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            "This file is not UTF-8. In a spreadsheet, save it as "
            "“CSV UTF-8”, then try again."
        ) from error


def read_patients(text: str, *, clinic: Clinic, today: date) -> PatientFile:
    """Read and check every line. Raises FileRefused if no line can be trusted."""
    lines, refused = [], []
    seen: dict[str, int] = {}
    for number, row in _rows(text):
        checked = _check(row, clinic, today)
        if isinstance(checked, str):
            refused.append(Refusal(number, checked))
            continue
        key = checked.record_number.casefold()
        if key in seen:
            reason = f"The record number is on line {seen[key]} too."
            refused.append(Refusal(number, reason))
            continue
        seen[key] = number
        lines.append(Line(number, checked))
    if not lines and not refused:
        raise FileRefused("The file names its columns, but no patient follows.")
    return PatientFile(lines, refused)


def _rows(text: str) -> Iterator[tuple[int, list[str] | dict[str, str]]]:
    if "\x00" in text:
        raise FileRefused("This is not a text file. Save it as CSV and try again.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header)
        for cells in reader:
            if reader.line_num > MOST_LINES:
                raise FileRefused(f"More than {MOST_LINES} lines. Split the file.")
            if any(cell.strip() for cell in cells):
                fits = len(cells) == len(header)
                row = dict(zip(header, cells, strict=True)) if fits else cells
                yield reader.line_num, row
    except csv.Error as error:
        raise FileRefused(f"Line {reader.line_num} cannot be read: {error}.") from error


def _check_header(header: list[str]) -> None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise FileRefused(
                f"Separate the columns with commas; this file has {name}. "
                "In a spreadsheet, save it as “CSV (comma separated)”."
            )
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise FileRefused(f"The file has no column {', '.join(missing)}.")
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or len(set(header)) != len(header):
        named = ", ".join(unknown) or "one of them twice"
        raise FileRefused(
            f"Use these columns: {', '.join(COLUMNS)}. The file has {named}."
        )


def _check(
    row: list[str] | dict[str, str], clinic: Clinic, today: date
) -> Details | str:
    if isinstance(row, list):
        return f"It has {len(row)} values, unlike the first line."
    given = {name: row.get(name, "").strip() for name in COLUMNS}
    given["language"] = given["language"] or clinic.languages[0]
    form = PatientForm(given, clinic=clinic, today=today)
    if form.is_valid():
        return form.details()
    return " ".join(
        f"{form.fields[name].label}: {' '.join(map(str, errors))}"
        for name, errors in form.errors.items()
    )
