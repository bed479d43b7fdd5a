"""Writes a clinic's depression screenings for quality reporting (CMS2), as CSV."""

import csv
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.audit import Actor
from records.actions import note_table
from records.management.clinics import find_clinic
from records.presenters import Naming
from records.presenters.quality import COLUMNS, quality_rows

BY = Actor.system("depression_measure")


class Command(BaseCommand):
    help = (
        "Write who was screened for depression, by which tool, with which result, and "
        "whether a follow-up plan was there in time: the fields of CMS2, as CSV. The "
        "table names patients: keep it as you keep their records."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's name or id")
        parser.add_argument("--first", required=True, help="first day, as 2026-01-01")
        parser.add_argument("--last", required=True, help="last day, as 2026-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = find_clinic(options["clinic"])
        first, last = _day(options["first"]), _day(options["last"])
        if last < first:
            raise CommandError("The last day is before the first.")
        at = timezone.now()
        # On record before anything leaves: what is cut off half-way has left, too.
        note_table(clinic=clinic, table="cms2", first=first, last=last, by=BY, at=at)
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        rows = quality_rows(
            clinic,
            first=first,
            last=last,
            today=at.astimezone(clinic.zone).date(),
            naming=Naming(base=f"{settings.BASE_URL}/fhir/R4"),
        )
        for row in rows:
            writer.writerow([_plain(cell) for cell in row])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no day; write it as 2026-01-31.") from error


def _plain(cell: str) -> str:
    """A record number that a spreadsheet would take for a formula stays a text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
