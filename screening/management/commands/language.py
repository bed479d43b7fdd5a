"""The language layer from the command line: one JSON object in and one out a line."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.language.answers import VERBS, LineRefused
from screening.management import evaluate

# Some lines were refused, or a target was missed; nothing could be done at all.
PARTLY = 1
UNUSABLE = 2


class Command(BaseCommand):
    """manage.py language safety FILE.jsonl --json, and language evaluate"""

    help = (
        "Ask the language layer, one JSON object a line: "
        '{"item": "phq-9/44250-9", "lang": "en", "text": "…"}. '
        "No model is asked and nothing is kept. `evaluate` takes no file: it measures "
        "the layer on the labelled sets and leaves with 1 where a target is missed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The verb, the file, and how to show the answers."""
        parser.add_argument("verb", choices=[*sorted(VERBS), "evaluate"])
        parser.add_argument(
            "file", nargs="?", help="a JSON Lines file; - reads standard input"
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="one object a line"
        )
        evaluate.add_arguments(parser)

    def handle(self, *_: str, **options: Any) -> None:
        """Answer every line, or measure."""
        if options["verb"] == "evaluate":
            self.evaluate(options)
        else:
            self.answer(options)

    def answer(self, options: dict[str, Any]) -> None:
        """Answer every line in order; lines that cannot be read are named at the end.

        Such a line is answered with {"error": …}, so that answers and questions keep
        the same line numbers. The command then leaves with 1, or 2 if it was all of them.
        """
        if options["file"] is None:
            said = "Name a JSON Lines file, or - for standard input."
            raise CommandError(said, returncode=UNUSABLE)
        verb = VERBS[options["verb"]]
        number = refused = 0
        for number, line in enumerate(read_lines(options["file"]), 1):
            try:
                found = verb(as_object(line))
            except LineRefused as error:
                refused += 1
                found = {"error": str(error), "line": number}
                self.stderr.write(f"Line {number}: {error}")
            self.stdout.write(shown(found, as_json=options["as_json"]))
        if refused:
            raise not_all(refused, of=number)

    def evaluate(self, options: dict[str, Any]) -> None:
        """Print the figures; a missed target is exit code 1, a bad set 2."""
        if options["file"] is not None:
            said = "evaluate takes no file; --sets DIR names other labelled sets."
            raise CommandError(said, returncode=UNUSABLE)
        try:
            report = evaluate.run(options)
        except evaluate.Unusable as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        for line in report.lines:
            self.stdout.write(line)
        if report.missed:
            said = f"{len(report.missed)} targets missed: {'; '.join(report.missed)}."
            raise CommandError(said, returncode=PARTLY)


def not_all(refused: int, *, of: int) -> CommandError:
    """How the command ends after lines that were refused."""
    if refused == of:
        said = "No line could be answered; see above."
        return CommandError(said, returncode=UNUSABLE)
    lines = "1 line was" if refused == 1 else f"{refused} lines were"
    said = f"{lines} not answered; see above. All others were."
    return CommandError(said, returncode=PARTLY)


def read_lines(file: str) -> Iterator[str]:
    """The lines that hold something; raises CommandError if there is no such file."""
    if file == "-":
        yield from full(sys.stdin)
        return
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            yield from full(lines)
    except (OSError, UnicodeDecodeError) as error:
        said = f"{file} cannot be read: {error}. Give a JSON Lines file in UTF-8."
        raise CommandError(said, returncode=UNUSABLE) from error


def full(lines: Iterable[str]) -> Iterator[str]:
    """Without the empty lines at the end of a file that people leave."""
    return (line for line in lines if line.strip())


def as_object(line: str) -> dict[str, Any]:
    """The object on a line; raises LineRefused."""
    try:
        found = json.loads(line)
    except ValueError as error:
        raise LineRefused(f"is not JSON ({error}).") from error
    if not isinstance(found, dict):
        raise LineRefused("is not a JSON object.")
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        said = "holds half a character (a lone \\ud800 to \\udfff). Write it whole."
        raise LineRefused(said) from error
    return found


def shown(found: dict[str, Any], *, as_json: bool) -> str:
    """One line: JSON, or `name: value` pairs for people."""
    if as_json:
        return json.dumps(found, ensure_ascii=False)
    return "; ".join(f"{name}: {value}" for name, value in found.items())
