"""Writes a made-up language from the English texts, to see pages in a language that is
not there yet and is written from right to left.

`python -m tools.pseudo FOLDER` writes the three parts that any language has: its
definitions, its catalogue of messages, its line in the list of languages. Nothing of it
is shipped. The letters are Arabic ones in the place of English ones and mean nothing.
"""

import json
import re
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo

from screening.definitions.files import ROOT, read_json
from screening.definitions.loading import read_instrument
from screening.domain.reading import DefinitionError
from tools import messages

CODE, LOCALE = "ar-XB", "ar_XB"
NAME = "لغة تجريبية"
# What programs fill in stays as it is.
KEPT = re.compile(r"\{[^}]*\}|%\([a-z_]+\)[sd]|https?://\S+|\d[\d.,-]*")
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابثدعفقحيجكلمنوپكرستؤڤوخىز")
# The refusal of a text names the sum that it has.
CHECKSUM = re.compile(r"[0-9a-f]{64}")
MARKS = dict.fromkeys(range(0x300, 0x370))
# The texts of a definition that a person reads; all else is a code or a source.
READ = ("title", "instruction", "text", "attribution")
# Where a language's other texts stand, and under which names; a source stays readable.
TEXTS = {
    "pages": ("pages",),
    "connecting": ("lines",),
    "care": ("expect", "asked", "topics"),
}
SOURCES = ("source", "sources")


def turned(text: str) -> str:
    """The text in letters that run the other way."""
    parts = KEPT.split(text)
    kept = [*KEPT.findall(text), ""]
    mixed = zip(parts, kept, strict=True)
    return "".join(_plain(part).translate(LETTERS) + one for part, one in mixed)


def _plain(text: str) -> str:
    """Small letters without marks."""
    return unicodedata.normalize("NFKD", text.lower()).translate(MARKS)


def _turned_all(value: Any, *, names: tuple[str, ...] = (), name: str = "") -> Any:
    """Every text in a structure, or only those under these names."""
    if isinstance(value, str):
        return turned(value) if not names or name in names else value
    if isinstance(value, dict):
        return {
            k: v if k in SOURCES else _turned_all(v, names=names, name=k)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [_turned_all(one, names=names) for one in value]
    return value


def write(folder: Path) -> None:
    """Write definitions/ and locale/ with the made-up language beside the others."""
    root = folder / "definitions"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    _list_it(root)
    for kind, parts in TEXTS.items():
        _texts(root / kind, parts)
    _lines(root)
    for instrument in ("phq-9", "gad-7"):
        _instrument(root / "instruments" / instrument)
    catalogue = messages.template("en")
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            message.string = turned(message.id)
    place = folder / "locale" / LOCALE / "LC_MESSAGES" / "django.mo"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_mo(file, catalogue)


def _save(path: Path, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _list_it(root: Path) -> None:
    path = root / "rules" / "languages.json"
    listed = read_json(path, root)
    entry = {"code": CODE, "name": NAME, "english_name": "Made-up"}
    listed["languages"].append(entry)
    _save(path, listed)


def _texts(folder: Path, parts: tuple[str, ...]) -> None:
    said = read_json(folder / "en.json", folder)
    turned_parts = {part: _turned_all(said[part]) for part in parts}
    _save(folder / f"{CODE}.json", said | {"language": CODE} | turned_parts)


def _lines(root: Path) -> None:
    path = root / "rules" / "crisis_lines.json"
    known = read_json(path, root)
    for country in known["countries"]:
        for line in country["lines"]:
            for part in ("notes", "call_menu"):
                if line[part]:
                    line[part][CODE] = turned(line[part]["en"])
    _save(path, known)


def _instrument(folder: Path) -> None:
    # Not from the English one, which has an item that is in English alone.
    said = _turned_all(read_json(folder / "es-US.json", folder), names=READ)
    said["language"] = CODE
    path = folder / f"{CODE}.json"
    _save(path, said | {"checksum": "not yet known"})
    try:
        read_instrument(path, folder.parents[1])
    except DefinitionError as refusal:
        (said["checksum"],) = CHECKSUM.findall(refusal.reason)
    _save(path, said)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
