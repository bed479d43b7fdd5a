"""Sends recorded answers through the engine that the pages use, in bulk.

Exit codes: 0 every line was taken, 1 some lines were refused (the report says
which), 2 nothing could be done (a sentence says why).
"""

import itertools
import json
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError, transaction
from django.utils import timezone
from tqdm import tqdm

from core.audit import Actor
from core.models import Clinic, Patient
from screening import definitions
from screening.actions.recording import record_answers
from screening.domain.instruments import Instrument
from screening.engine.recorded import (
    Refused,
    Row,
    Tally,
    Unusable,
    decode,
    judge,
    read,
)

BATCH = 200


class Command(BaseCommand):
    """`manage.py replay FILE.csv --instrument phq-9 --columns A,B,…`"""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--instrument", required=True, help="for example phq-9")
        parser.add_argument("--columns", required=True, help="in item order: A,B,…")
        parser.add_argument("--language", default="en")
        parser.add_argument(
            "--missing", default="", help="codes of declined answers: 7,9"
        )
        parser.add_argument("--limit", type=int, help="take only the first lines")
        parser.add_argument(
            "--clinic", help="id of the clinic; default: one made for replays"
        )
        parser.add_argument("--dry-run", action="store_true", help="store nothing")
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, print the report and exit with a code that means something."""
        try:
            instrument, rows = self._open(options)
            tally = self._run(instrument, rows, options)
        except (Unusable, definitions.DefinitionMissing) as refused:
            self._give_up(str(refused))
        except DatabaseError as error:
            self._give_up(
                f"The database cannot be used: {error} Run manage.py migrate."
            )
        self._print(tally, as_json=options["json"])
        if tally.refused:
            sys.exit(1)

    def _give_up(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence.strip())
        sys.exit(2)

    def _open(self, options: dict[str, Any]) -> tuple[Instrument, list[Row | Refused]]:
        instrument = definitions.get(options["instrument"], options["language"])
        try:
            raw = options["file"].read_bytes()
        except OSError as error:
            raise Unusable(f"{options['file']}: {error.strerror}.") from error
        if options["limit"] is not None and options["limit"] < 0:
            raise Unusable("Give --limit a number from 0 on.")
        columns = [name.strip() for name in options["columns"].split(",")]
        codes = frozenset(c.strip() for c in options["missing"].split(",") if c.strip())
        lines = read(decode(raw), instrument, columns, codes)
        return instrument, list(itertools.islice(lines, options["limit"]))

    def _run(
        self,
        instrument: Instrument,
        rows: list[Row | Refused],
        options: dict[str, Any],
    ) -> Tally:
        tally = Tally(instrument)
        store = None if options["dry_run"] else Store(instrument, options["clinic"])
        bar = tqdm(rows, unit=" people", disable=None, file=sys.stderr)
        for batch in _batches(bar):
            taken = [row for row in batch if isinstance(row, Row)]
            tally.refused += [row for row in batch if isinstance(row, Refused)]
            for row in taken:
                tally.add(row, judge(definitions.flag_rules(), instrument, row.answers))
            if store is not None:
                store.keep(taken, at=timezone.now())
        return tally

    def _print(self, tally: Tally, *, as_json: bool) -> None:
        report = tally.to_dict()
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for key in ("people", "blank", "complete", "at_cut", "safety_item_below_cut"):
            self.stdout.write(f"{key.replace('_', ' ')}: {report[key]}")
        for title in ("bands", "flags", "flags_incomplete"):
            self.stdout.write(f"{title.replace('_', ' of ')}:")
            for label, count in report[title].items():
                self.stdout.write(f"  {label}: {count}")
        self.stdout.write(f"refused lines: {len(tally.refused)}")
        for refused in tally.refused:
            self.stdout.write(f"  line {refused.line}: {refused.reason}")


def _batches(rows: Any) -> Iterator[list[Row | Refused]]:
    batch: list[Row | Refused] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


class Store:
    """Keeps replayed people in a clinic whose flags page nobody."""

    def __init__(self, instrument: Instrument, clinic_id: str | None) -> None:
        self.instrument = instrument
        self.actor = Actor.system("replay")
        self.clinic = self._clinic(clinic_id)

    def _clinic(self, clinic_id: str | None) -> Clinic:
        if clinic_id is None:
            return Clinic.objects.get_or_create(
                purpose=Clinic.Purpose.REPLAY,
                defaults={"name": "Recorded answers", "created_at": timezone.now()},
            )[0]
        try:
            return Clinic.objects.get(id=uuid.UUID(clinic_id))
        except (ValueError, Clinic.DoesNotExist) as error:
            raise Unusable(f"There is no clinic with the id {clinic_id}.") from error

    @transaction.atomic
    def keep(self, rows: list[Row], *, at: datetime) -> None:
        """Store one batch in one commit; lines without any answer leave no row."""
        for row in rows:
            if row.answers:
                record_answers(
                    patient=self._patient(row, at),
                    instrument_id=self.instrument.id,
                    language=self.instrument.language,
                    answers=row.answers,
                    by=self.actor,
                    at=at,
                )

    def _patient(self, row: Row, at: datetime) -> Patient:
        return Patient.objects.create(
            clinic=self.clinic,
            family_name=f"Line {row.line}",
            language=self.instrument.language,
            created_at=at,
            created_by_id=self.actor.id,
        )
