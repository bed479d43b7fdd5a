"""Crisis lines by country; a contact nobody verified is never handed out."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from screening.definitions.files import ROOT, name_of, read_json
from screening.definitions.languages import codes
from screening.domain.reading import Reader, read_review

KINDS = ("call", "text", "chat")
STATUSES = ("verified", "not verified")
_NUMBER = re.compile(r"[+\d][\d -]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach a line; `key` is what a clinic lists as verified.

    `keyword` is the word to send in a text message to `value`, where one is needed.
    """

    key: str
    kind: str
    keyword: str | None
    value: str
    verified: bool

    @property
    def href(self) -> str:
        """The link for it: tel:, sms: or https:."""
        if self.kind == "chat":
            return f"https://{self.value}"
        if self.kind == "call":
            return f"tel:{_digits(self.value)}"
        body = f"?body={self.keyword}" if self.keyword else ""
        return f"sms:{_digits(self.value)}{body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLine:
    """A service and the ways to reach it; what is said of it, by language.

    `call_menu` is what to press once the call is answered.
    """

    name: str
    notes: Mapping[str, str] | None
    call_menu: Mapping[str, str] | None
    since: str | None
    contacts: tuple[Contact, ...]

    def first(self, kind: str) -> Contact | None:
        """The first contact of a kind."""
        return next((c for c in self.contacts if c.kind == kind), None)

    @property
    def call(self) -> Contact | None:
        return self.first("call")

    @property
    def text(self) -> Contact | None:
        return self.first("text")

    @property
    def chat(self) -> Contact | None:
        return self.first("chat")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLines:
    """What may be shown in a country; `emergency` is None where we know of none."""

    country: str
    emergency: str | None
    lines: tuple[CrisisLine, ...]
    source: str
    as_of: str

    @property
    def emergency_numbers(self) -> tuple[str, ...]:
        """The emergency numbers one by one: "112 / 999" is two."""
        return tuple((self.emergency or "").split(" / ")) if self.emergency else ()


def crisis_lines(country: str, verified: Collection[str] = ()) -> CrisisLines:
    """The country's lines, without contacts that neither we nor the clinic verified."""
    known = _all_lines().get(country)
    if known is None:
        return CrisisLines(
            country=country, emergency=None, lines=(), source="", as_of=""
        )
    shown = (_shown(line, verified) for line in known.lines)
    return replace(known, lines=tuple(line for line in shown if line.contacts))


def countries() -> tuple[str, ...]:
    """The countries whose lines we know something of."""
    return tuple(_all_lines())


def every_line(country: str) -> CrisisLines | None:
    """The country's lines with what is not verified: for staff, never for patients."""
    return _all_lines().get(country)


def unverified(country: str) -> tuple[tuple[str, Contact], ...]:
    """What a clinic could verify: the names of lines with their open contacts."""
    known = _all_lines().get(country)
    return tuple(
        (line.name, contact)
        for line in (known.lines if known else ())
        for contact in line.contacts
        if not contact.verified
    )


def _shown(line: CrisisLine, verified: Collection[str]) -> CrisisLine:
    contacts = tuple(c for c in line.contacts if c.verified or c.key in verified)
    return replace(line, contacts=contacts)


def _digits(value: str) -> str:
    return re.sub(r"[^\d+]", "", value)


@lru_cache(maxsize=4)
def _all_lines(root: Path = ROOT) -> dict[str, CrisisLines]:
    return read_lines(root)


def read_lines(root: Path) -> dict[str, CrisisLines]:
    """Every country's lines, verified or not; raises DefinitionError if unsafe."""
    path = root / "rules" / "crisis_lines.json"
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only(
        *("version", "as_of", "about", "countries"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    read_review(reader)
    found: dict[str, CrisisLines] = {}
    keys: set[str] = set()
    for child in reader.children("countries"):
        country = _read_country(child, reader.text("as_of"), codes(root))
        if country.country in found:
            raise child.refusal("this country is there twice", "country")
        _check_keys(child, country, keys)
        found[country.country] = country
    return found


def _check_keys(reader: Reader, country: CrisisLines, keys: set[str]) -> None:
    for line in country.lines:
        for contact in line.contacts:
            if contact.key in keys:
                raise reader.refusal(f"duplicate key {contact.key}", "lines")
            keys.add(contact.key)


def _read_country(
    reader: Reader, as_of: str, languages: tuple[str, ...]
) -> CrisisLines:
    reader.only("country", "emergency", "source", "lines")
    return CrisisLines(
        country=reader.text("country"),
        emergency=reader.text("emergency"),
        lines=tuple(_read_lines(reader, languages)),
        source=reader.text("source"),
        as_of=as_of,
    )


def _read_lines(reader: Reader, languages: tuple[str, ...]) -> Iterator[CrisisLine]:
    said = partial(_by_language, languages)
    for child in reader.children("lines"):
        child.only("name", "notes", "call_menu", "since", "contacts")
        line = CrisisLine(
            name=child.text("name"),
            notes=child.maybe("notes", said),
            call_menu=child.maybe("call_menu", said),
            since=child.maybe_text("since"),
            contacts=tuple(map(_read_contact, child.children("contacts"))),
        )
        if line.call_menu and not line.call:
            raise child.refusal("belongs to a line that can be called", "call_menu")
        yield line


def _by_language(languages: tuple[str, ...], reader: Reader) -> dict[str, str]:
    """What is said about a line is there in each language, or not at all."""
    reader.only(*languages)
    return {language: reader.text(language) for language in languages}


def _read_contact(reader: Reader) -> Contact:
    reader.only("key", "kind", "keyword", "value", "status", "why_not")
    for key, allowed in (("kind", KINDS), ("status", STATUSES)):
        if reader.text(key) not in allowed:
            raise reader.refusal(f"is not one of: {', '.join(allowed)}", key)
    verified = reader.text("status") == "verified"
    if verified != (reader.maybe_text("why_not") is None):
        raise reader.refusal("belongs to what is not verified, only there", "why_not")
    return Contact(
        key=reader.text("key"),
        kind=reader.text("kind"),
        keyword=_read_keyword(reader),
        value=_read_value(reader),
        verified=verified,
    )


def _read_keyword(reader: Reader) -> str | None:
    word = reader.maybe_text("keyword")
    if word is not None and (reader.text("kind") != "text" or not word.isalnum()):
        raise reader.refusal("is one word, to send in a text message", "keyword")
    return word


def _read_value(reader: Reader) -> str:
    """A number or an address: no words, which would be in one language only."""
    value = reader.text("value")
    if reader.text("kind") != "chat" and not _NUMBER.fullmatch(value):
        raise reader.refusal("must be a number, without words", "value")
    return value
