"""Takes names and numbers that point at a person out of words that leave the house.

Numbers, dates, addresses and accounts go by their form. A name goes by what stands
before it, by a list of common given names, or by a capital inside a sentence where the
word is no ordinary one. Frequencies and ages are answers: they stay.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.language import tables


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with labels in place of what was taken out, and the labels used."""

    text: str
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    given: frozenset[str]
    plain: frozenset[str]
    articles: frozenset[str]
    people_do: tuple[re.Pattern[str], ...]


_WORD = re.compile(r"(?<![\w\[@])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w\]])")
_CAPITAL = re.compile(r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñü'’]+")


def redact(text: str) -> str:
    """The text without identifiers."""
    return redacted(text).text


def redacted(text: str) -> Redacted:
    """The text without identifiers, and what kinds of them were in it."""
    rules = _rules()
    removed: list[str] = []
    for label, pattern in rules.patterns:
        text = _taken_out(text, label, pattern, removed)
    return _without_names(text, removed, rules)


def _taken_out(
    text: str, label: str, pattern: re.Pattern[str], removed: list[str]
) -> str:
    """The text with the matches, or only the part of them that is meant, replaced."""

    def hide(found: re.Match[str]) -> str:
        removed.append(label)
        if "it" not in pattern.groupindex:
            return f"[{label}]"
        start, end = (at - found.start() for at in found.span("it"))
        return f"{found.group()[:start]}[{label}]{found.group()[end:]}"

    return pattern.sub(hide, text)


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    content = tables.read(tables.DATA / "redact.json")
    listed = {name: content[name].split() for name in ("given_names", "surnames")}
    parts = {
        **content["parts"],
        "GIVEN": _either(listed["given_names"]),
        "SURNAME": _either(listed["surnames"]),
    }
    rows = [(row["label"], row["pattern"]) for row in content["patterns"]]
    rows += [("name", pattern) for pattern in content["names"]]
    return _Rules(
        patterns=tuple((label, _compiled(pattern, parts)) for label, pattern in rows),
        given=frozenset(listed["given_names"]),
        plain=frozenset(_plain_words(content)),
        articles=frozenset(content["articles"]),
        people_do=tuple(re.compile(pattern) for pattern in content["people_do"]),
    )


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    for name, part in parts.items():
        pattern = pattern.replace(f"<{name}>", part)
    return re.compile(pattern)


def _either(names: list[str]) -> str:
    """One pattern for a list of names, with or without accents."""
    marked = {"a": "[aá]", "e": "[eé]", "i": "[ií]", "o": "[oó]", "u": "[uúü]"}
    marked["n"] = "[nñ]"
    spelled = ("".join(marked.get(c, c) for c in name) for name in names)
    return "(?:" + "|".join(spelled) + ")"


def _plain_words(content: Mapping[str, Any]) -> Iterator[str]:
    """Ordinary words: a capital does not make a name of them ("Several Days")."""
    yield from (_bare(word) for word in content["plain_capitals"].split())
    for language in tables.LANGUAGES:
        table = tables.table("interpret", language)
        for name in ("vocabulary", "common", "good_words", "trouble_words", "numbers"):
            yield from table[name]


def _bare(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in spread if not unicodedata.combining(c))


def _without_names(text: str, removed: list[str], rules: _Rules) -> Redacted:
    """Given names wherever they stand, and capitals that no ordinary word explains."""

    def hide(found: re.Match[str]) -> str:
        word = found.group()
        if not _is_name(word, text, found, rules):
            return word
        removed.append("name")
        return "[name]" + ("'s" if word.endswith(("'s", "’s")) else "")

    return Redacted(_WORD.sub(hide, text), tuple(removed))


def _is_name(word: str, text: str, found: re.Match[str], rules: _Rules) -> bool:
    bare = _bare(word).replace("’", "'").removesuffix("'s")
    if bare in rules.given:
        return True
    if not _CAPITAL.fullmatch(word) or {bare, bare.removesuffix("s")} & rules.plain:
        return False
    before = text[: found.start()].rstrip(" \"'([¿¡«“")
    last = before.split()[-1:]
    if last and before[-1] not in ".!?\n":
        return last[0].lower() not in rules.articles
    # At the start of a sentence any word has a capital: it takes a person's deed.
    after = text[found.end() :].lstrip(" ,")
    return not bare.endswith("ing") and any(
        deed.match(after) for deed in rules.people_do
    )
