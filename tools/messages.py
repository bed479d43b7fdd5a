"""Keeps each language's catalogue in step with the patient's pages and mails, by Babel
alone.

`python -m tools.messages` brings new messages in and compiles; `--check` only says
what is missing, untranslated, stale or uncompiled. A language that was added to
rules/languages.json gets its catalogue, empty, the first time.
"""

import io
import re
import sys
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from screening import definitions

ROOT = Path(__file__).resolve().parent.parent
# The messages themselves are in the first language.
LOCALES = tuple(code.replace("-", "_") for code in definitions.codes()[1:])
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


def po(locale: str) -> Path:
    """Where the catalogue of a language is; what Django loads lies beside it."""
    return ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"


def template(locale: str) -> Catalog:
    """Return every message of the patient's pages and mails, with where it stands."""
    catalog = Catalog(locale=locale, project="screening-assistant")
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


def stored(locale: str) -> Catalog:
    """Return a catalogue as it is in the repository."""
    with po(locale).open("rb") as file:
        return read_po(file, locale=locale)


def compiled(catalog: Catalog) -> bytes:
    """Return the catalogue in the form that Django loads."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults() -> list[str]:
    """Return what is wrong with the catalogues, in sentences."""
    return [f"{one}: {said}" for one in LOCALES for said in _faults(one)]


def _faults(locale: str) -> list[str]:
    if not po(locale).exists():
        return ["there is no catalogue"]
    catalog, wanted = stored(locale), template(locale)
    known = {message.id: message for message in catalog if message.id}
    ids = {message.id for message in wanted if message.id}
    found = [f"not in the catalogue: {one!r}" for one in ids - known.keys()]
    found += [f"no longer used: {one!r}" for one in known.keys() - ids]
    for message in known.values():
        if not message.string or message.fuzzy:
            found.append(f"not translated: {message.id!r}")
        elif _gaps(message.id) != _gaps(message.string):
            found.append(f"other placeholders: {message.id!r}")
    made = po(locale).with_suffix(".mo")
    if not made.exists() or made.read_bytes() != compiled(catalog):
        found.append("django.mo is not what django.po compiles to")
    return sorted(found)


def _gaps(text: object) -> set[str]:
    return set(PLACEHOLDER.findall(str(text)))


def update(locale: str) -> None:
    """Bring a catalogue in step with the pages and compile it."""
    path = po(locale)
    catalog = stored(locale) if path.exists() else Catalog(locale=locale)
    catalog.update(template(locale), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.project, catalog.version = "screening-assistant", "1"
    name = Locale.parse(locale).get_display_name("en")
    catalog.header_comment = (
        f"# {name}. Written by the project; not yet reviewed by a\n"
        "# clinician or a professional translator."
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=88, no_location=True, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(stored(locale)))


if __name__ == "__main__":
    if "--check" not in sys.argv:
        for each in LOCALES:
            update(each)
    problems = faults()
    print("\n".join(problems) or "The catalogues are complete.")
    sys.exit(bool(problems))
