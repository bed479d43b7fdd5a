"""Crisis lines as a page shows them: the same numbers, in the reader's language."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from screening import definitions

FALLBACK = "en"


def lines_in(
    language: str, country: str, verified: Collection[str] = ()
) -> dict[str, Any]:
    """Return a country's emergency numbers and lines, said in this language."""
    known = definitions.crisis_lines(country, verified)
    return {
        "emergency": known.emergency,
        "emergency_numbers": known.emergency_numbers,
        "lines": [_line(line, language) for line in known.lines],
    }


def _line(line: definitions.CrisisLine, language: str) -> dict[str, Any]:
    return {
        "name": line.name,
        "call": line.call,
        # What to press means nothing where there is no call to make.
        "call_menu": _said(line.call_menu, language) if line.call else "",
        "text": line.text,
        "text_label": _text_label(line.text),
        "chat": line.chat,
        "notes": _said(line.notes, language),
    }


def _text_label(contact: definitions.Contact | None) -> str:
    if contact is None:
        return ""
    if contact.keyword is None:
        return _("Text %(number)s") % {"number": contact.value}
    told = {"word": contact.keyword, "number": contact.value}
    return _("Text the word %(word)s to %(number)s") % told


def _said(texts: Mapping[str, str] | None, language: str) -> str:
    return texts.get(language, texts[FALLBACK]) if texts else ""
