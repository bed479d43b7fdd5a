"""Rows of the other apps as the values that leave."""

from records.presenters.finished import as_of, finished, present
from records.presenters.naming import Naming
from records.presenters.patient import patient_record
from records.presenters.sheets import (
    Sheet,
    finished_rows,
    read_sheets,
    served_rows,
)
from records.presenters.text_lock import TextChanged

__all__ = [
    "Naming",
    "Sheet",
    "TextChanged",
    "as_of",
    "finished",
    "finished_rows",
    "patient_record",
    "present",
    "read_sheets",
    "served_rows",
]
