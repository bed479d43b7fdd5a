"""Keeps the Spanish catalogue in step with the patient's pages and mails, by Babel alone.

`python -m tools.messages` brings new messages in and compiles; `--check` only says
what is missing, untranslated, stale or uncompiled.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "es_US"
PO = ROOT / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
TEMPLATES = (
    "base.html",
    "base_patient.html",
    "patient/*.html",
    "errors/*.html",
    "components/_*.html",
    "mail/patient_*.txt",
)
MODULES = ("screening/forms.py", "screening/presenters/*.py", "screening/views/*.py")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]")


def template() -> Catalog:
    """Return every message of the patient's pages and mails, with where it stands."""
    catalog = Catalog(locale=LOCALE, project="screening-assistant")
    for path in _files("templates", TEMPLATES):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        _collect(catalog, path, code)
    for path in _files(".", MODULES):
        _collect(catalog, path, path.read_text(encoding="utf-8"))
    return catalog


def _files(folder: str, patterns: tuple[str, ...]) -> list[Path]:
    found = [p for pattern in patterns for p in (ROOT / folder).glob(pattern)]
    return sorted(found)


def _collect(catalog: Catalog, path: Path, code: str) -> None:
    name = path.relative_to(ROOT).as_posix()
    source = io.BytesIO(code.encode())
    for _, message, comments, context in extract("python", source, KEYWORDS):
        flags = ["python-format"] if PLACEHOLDER.search(str(message)) else []
        catalog.add(
            message,
            locations=[(name, 1)],
            auto_comments=comments,
            context=context,
            flags=flags,
        )


def stored() -> Catalog:
    """Return the catalogue as it is in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale=LOCALE)


def compiled(catalog: Catalog) -> bytes:
    """Return the catalogue in the form that Django loads."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults() -> list[str]:
    """Return what is wrong with the catalogue, in sentences."""
    catalog, wanted = stored(), template()
    known = {message.id: message for message in catalog if message.id}
    ids = {message.id for message in wanted if message.id}
    found = [f"not in the catalogue: {one!r}" for one in ids - known.keys()]
    found += [f"no longer used: {one!r}" for one in known.keys() - ids]
    for message in known.values():
        if not message.string or message.fuzzy:
            found.append(f"not translated: {message.id!r}")
        elif _gaps(message.id) != _gaps(message.string):
            found.append(f"other placeholders: {message.id!r}")
    if not MO.exists() or MO.read_bytes() != compiled(catalog):
        found.append("django.mo is not what django.po compiles to")
    return sorted(found)


def _gaps(text: object) -> set[str]:
    return set(PLACEHOLDER.findall(str(text)))


def update() -> None:
    """Bring the catalogue in step with the pages and compile it."""
    catalog = stored() if PO.exists() else Catalog(locale=LOCALE)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.project, catalog.version = "screening-assistant", "1"
    catalog.header_comment = (
        "# Spanish (United States). Written by the project; not yet reviewed by a\n"
        "# clinician or a professional translator."
    )
    with PO.open("wb") as file:
        write_po(file, catalog, width=88, no_location=True, omit_header=False)
    MO.write_bytes(compiled(stored()))


if __name__ == "__main__":
    if "--check" not in sys.argv:
        update()
    problems = faults()
    print("\n".join(problems) or "The catalogue is complete.")
    sys.exit(bool(problems))
