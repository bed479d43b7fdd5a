"""Reads a CSV file of patients: every line is either a patient or a stated refusal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clinicians.actions.patients import Details
from clinicians.definitions import records_policy
from clinicians.forms.csv_text import FileRefused, read_sheet
from clinicians.forms.patients import (
    ISO,
    MONTH_FIRST,
    PatientForm,
    language_choices,
)
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
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ANY_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})")
_SHORTENED = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)


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
    """A file as read: together, both lists have every line that is not empty.

    `ignored`: the columns that nothing here is called by.
    """

    lines: list[Line]
    refused: list[Refusal]
    ignored: Sequence[str] = ()


class _LineRefused(ValueError):
    """This line cannot be read; the sentence says why."""


def read_patients(
    text: str, *, clinic: Clinic, today: date, dates: str = ISO
) -> PatientFile:
    """Read and check every line. Raises FileRefused if no line can be trusted."""
    sheet = read_sheet(text, names=_column_names(), most_lines=MOST_LINES)
    _check_columns(sheet.columns)
    lines: list[Line] = []
    refused: list[Refusal] = []
    seen: dict[str, int] = {}
    for number, cells in sheet.rows:
        try:
            details = _details(sheet.columns, cells, clinic, today, dates)
            key = details.record_number.casefold()
            if key in seen:
                raise _LineRefused(f"The record number is on line {seen[key]} too.")
        except _LineRefused as error:
            refused.append(Refusal(number, str(error)))
            continue
        seen[key] = number
        lines.append(Line(number, details))
    if not lines and not refused:
        raise FileRefused("The file names its columns, but no patient follows.")
    return PatientFile(lines, refused, sheet.ignored)


def _column_names() -> Mapping[str, str]:
    names = {column: column for column in COLUMNS}
    for column, others in records_policy().column_names.items():
        names.update(dict.fromkeys(others, column))
    return names


def _check_columns(columns: Sequence[str]) -> None:
    known = [name for name in columns if name]
    missing = [name for name in NEEDED if name not in known]
    if missing:
        raise FileRefused(
            f"The file has no column {', '.join(missing)}. The first line of the file "
            "has to name the columns."
        )
    if len(set(known)) != len(known):
        twice = next(name for name in known if known.count(name) > 1)
        raise FileRefused(f"The file has the column {twice} twice. Keep one of them.")


def _details(
    columns: Sequence[str], cells: list[str], clinic: Clinic, today: date, dates: str
) -> Details:
    if len(cells) != len(columns):
        raise _LineRefused(f"It has {len(cells)} values, unlike the first line.")
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    given = {name: row.get(name, "") for name in COLUMNS}
    if _SHORTENED.fullmatch(given["record_number"]):
        raise _LineRefused(
            f"Record number: a spreadsheet has shortened it to "
            f"{given['record_number']}. Format the column as text and save it again."
        )
    given["birth_date"] = _date(given["birth_date"], dates)
    given["language"] = _language(given["language"], clinic)
    form = PatientForm(given, clinic=clinic, today=today)
    if form.is_valid():
        return form.details()
    raise _LineRefused(
        " ".join(
            f"{form.fields[name].label}: {' '.join(map(str, errors))}"
            for name, errors in form.errors.items()
        )
    )


def _date(text: str, dates: str) -> str:
    """The date as ISO text; what cannot be read is left for the form to refuse."""
    slashed = _SLASHED.fullmatch(text)
    if dates == ISO or slashed is None:
        if _ANY_DATE.fullmatch(text):
            raise _LineRefused(_odd_date(text, dates))
        return text
    one, other, year = (int(part) for part in slashed.groups())
    month, day = (one, other) if dates == MONTH_FIRST else (other, one)
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        order = "month" if dates == MONTH_FIRST else "day"
        raise _LineRefused(
            f"Birth date: {text} is no day with the {order} first."
        ) from error


def _odd_date(text: str, dates: str) -> str:
    if dates == ISO and _SLASHED.fullmatch(text):
        return (
            f"Birth date: {text} does not have the year first. Choose the file again "
            "and say how it writes dates, or write year-month-day, like 1985-03-14."
        )
    return (
        f"Birth date: {text} has a year of two digits. Write it as year-month-day, "
        "like 1985-03-14."
    )


def _language(text: str, clinic: Clinic) -> str:
    """A language by its code or its name; the clinic's first where none is given."""
    if not text:
        return str(clinic.languages[0])
    known = {
        word.casefold(): code
        for code, name in language_choices(clinic)
        for word in (code, name)
    }
    known |= {
        word: code
        for code, words in records_policy().language_names.items()
        for word in words
        if code in clinic.languages
    }
    return known.get(text.casefold(), text)
