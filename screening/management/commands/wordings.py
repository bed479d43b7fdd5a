"""The wording library out to a file that people review, and new texts in from one."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from core.models import Clinic
from screening.engine.importing import Imported, import_wordings
from screening.language import exchange

SOME_REFUSED, UNUSABLE = 1, 2


class Command(BaseCommand):
    """manage.py wordings export library.csv --clinic Riverside"""

    help = (
        "Write a clinic's wordings to FILE (.csv for a spreadsheet, .jsonl for JSON "
        "lines), or propose the new texts of such a file. Importing never signs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The verb, the file, and whose library."""
        parser.add_argument("verb", choices=["export", "import"])
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--clinic", default="", help="its name or id; needed if there are several"
        )

    def handle(self, *_: str, **options: Any) -> None:
        """Do it; refused lines are named, and the command then leaves with 1."""
        clinic = _clinic(options["clinic"])
        if options["verb"] == "export":
            self._export(clinic, options["file"])
        else:
            self._import(clinic, options["file"])

    def _export(self, clinic: Clinic, path: Path) -> None:
        write = exchange.as_json_lines
        if path.suffix.lower() == ".csv":
            write = exchange.as_csv
        lines = exchange.export(clinic)
        try:
            path.write_text(write(lines), encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error}", returncode=UNUSABLE
            ) from error
        self.stdout.write(f"{len(lines)} texts of {clinic} written to {path}.")

    def _import(self, clinic: Clinic, path: Path) -> None:
        try:
            found = import_wordings(
                clinic=clinic, content=path.read_bytes(), by=None, at=timezone.now()
            )
        except (OSError, exchange.FileRefused) as error:
            raise CommandError(f"{path}: {error}", returncode=UNUSABLE) from error
        self._say(found)
        if found.refused:
            raise CommandError("Some lines were refused.", returncode=SOME_REFUSED)

    def _say(self, found: Imported) -> None:
        for number, reason in found.refused:
            self.stderr.write(f"Line {number}: {reason}")
        self.stdout.write(
            f"{len(found.proposed)} proposed, {len(found.known)} here already, "
            f"{len(found.refused)} refused. Nothing was signed."
        )


def _clinic(wanted: str) -> Clinic:
    """The clinic that is meant; raises CommandError if that is not clear."""
    rows = Clinic.objects.exclude(purpose=Clinic.Purpose.REPLAY)
    if wanted:
        try:
            rows = rows.filter(Q(name=wanted) | Q(id=wanted))
        except (ValueError, ValidationError):
            rows = rows.filter(name=wanted)
    found = list(rows[:2])
    if len(found) != 1:
        names = ", ".join(str(clinic) for clinic in Clinic.objects.all()[:20])
        raise CommandError(
            f"Name one clinic with --clinic. There are: {names or 'none yet'}.",
            returncode=UNUSABLE,
        )
    return found[0]
