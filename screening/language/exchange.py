"""The library as a file that people review: CSV for a spreadsheet, or JSON lines."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from core.models import Clinic
from screening.language import gating, library, tables, wording
from screening.models import Wording, WordingSignOff

COLUMNS = (
    "item",
    "language",
    "level",
    "official",
    "text",
    "state",
    "version",
    "signatures",
    "origin",
    "used_in",
)
NEEDED = ("item", "language", "level", "text")
EXPLANATION = "explanation"
MOST_LINES = 2000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
Line = Mapping[str, str]


class FileRefused(ValueError):
    """The file as a whole cannot be read; the sentence says what to do."""


def export(clinic: Clinic) -> list[Line]:
    """Every text of the clinic's library, vetoed and retired ones too."""
    rows = list(Wording.objects.filter(clinic=clinic))
    texts = [t for one in tables.LANGUAGES for t in wording.signable(one)]
    signed: dict[tuple[str, str], list[WordingSignOff]] = {}
    under = WordingSignOff.objects.filter(clinic=clinic).select_related("by")
    for row in under.order_by("at", "id"):
        signed.setdefault((row.wording_key, row.checksum), []).append(row)
    roles = {key: {row.role for row in found} for key, found in signed.items()}
    levels = {text.key: text.level or EXPLANATION for text in texts}
    levels |= {row.key: row.level or EXPLANATION for row in rows}
    stands = sorted(
        library.stands(rows, texts, roles), key=lambda one: (one.key, one.version)
    )
    return [
        line
        for stand in stands
        if (line := _line(stand, levels[stand.key], signed)) is not None
    ]


def _line(
    stand: library.Stand,
    level: str,
    signed: Mapping[tuple[str, str], Sequence[WordingSignOff]],
) -> Line | None:
    language, concept, _ = stand.key.split("/", 2)
    asked = gating.questions(concept, language)
    if not asked:
        return None
    item, instrument = asked[0]
    names = [
        f"{row.role}: {row.by} {row.at:%Y-%m-%d}"
        for row in signed.get((stand.key, stand.checksum), ())
    ]
    return {
        "item": f"{instrument.id}/{item.link_id.lstrip('/')}",
        "language": language,
        "level": level,
        "official": official(asked[0]),
        "text": stand.text,
        "state": stand.state.value,
        "version": str(stand.version or ""),
        "signatures": "; ".join(names),
        "origin": stand.row.origin if stand.row else Wording.Origin.SHIPPED.value,
        "used_in": ", ".join(one.id for _, one in asked),
    }


def official(question: gating.Question) -> str:
    """The official question as a patient reads it: its instruction, then its words."""
    item, instrument = question
    return f"{instrument.instruction} {item.text}" if item.scored else item.text


def as_csv(lines: Sequence[Line]) -> str:
    """For a spreadsheet: what it would take for a formula is written as text."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for line in lines:
        writer.writerow({name: _guarded(text) for name, text in line.items()})
    return "\ufeff" + out.getvalue()


def as_json_lines(lines: Sequence[Line]) -> str:
    """One object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def lines_of(content: bytes) -> list[tuple[int, Line | str]]:
    """Every line that is not empty, with its number; a sentence if it is no line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            "This file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”, then "
            "try again."
        ) from error
    if "\x00" in text:
        raise FileRefused("This is not a text file. Save it as CSV and try again.")
    is_json = text.lstrip().startswith("{")
    found = list(_json_lines(text) if is_json else _csv_lines(text))
    if not found:
        raise FileRefused("No wording stands in this file.")
    if len(found) > MOST_LINES:
        raise FileRefused(f"More than {MOST_LINES} lines. Split the file.")
    return found


def _json_lines(text: str) -> Iterator[tuple[int, Line | str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "This line is not JSON."
            continue
        if not isinstance(found, dict):
            yield number, "This line must be one JSON object."
        elif wrong := [n for n in COLUMNS if not isinstance(found.get(n, ""), str)]:
            yield number, f"Write {', '.join(wrong)} as text in quotation marks."
        elif not all(_is_text(found.get(name, "")) for name in COLUMNS):
            yield number, "This line holds half a character (an escape like \\ud83d)."
        else:
            yield number, {name: found.get(name, "") for name in COLUMNS}


def _is_text(value: str) -> bool:
    """JSON can escape half of a character, which no database and no page can hold."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _csv_lines(text: str) -> Iterator[tuple[int, Line | str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if missing := [name for name in NEEDED if name not in header]:
            raise FileRefused(
                f"The first line must name the columns; {', '.join(missing)} is "
                f"missing. All are: {', '.join(COLUMNS)}."
            )
        for cells in reader:
            number = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                yield number, f"{len(cells)} cells instead of {len(header)}."
                continue
            row = dict(zip(header, map(_unguarded, cells), strict=True))
            yield number, {name: row.get(name, "") for name in COLUMNS}
    except csv.Error as error:
        raise FileRefused(
            f"Line {reader.line_num} cannot be read as CSV ({error})."
        ) from error
