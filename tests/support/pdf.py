"""Reads a PDF of ours back: its pages' text, its tags, and how many pages any PDF has."""

import re
import zlib

PAGE = re.compile(rb"/Type\s*/Page\b")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
NAMED = re.compile(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
LETTERS = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def page_count(content: bytes) -> int:
    """How many pages a PDF has, whoever made it."""
    return len(PAGE.findall(content))


def tags(content: bytes) -> list[str]:
    """The structure tags in reading order."""
    return [name.decode() for name in re.findall(rb"/S /(H\d|P|BlockQuote)", content)]


def pages_text(content: bytes) -> list[str]:
    """The text of each page, line by line."""
    streams = [_plain(raw) for raw in STREAM.findall(content)]
    # Fonts are numbered in the order in which they were given to the document.
    names = [_names(one) for one in streams if b"beginbfchar" in one]
    return [_shown(one, names) for one in streams if b" Tj" in one]


def _plain(raw: bytes) -> bytes:
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return raw


def _names(stream: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(char).decode("utf-16-be")
        for glyph, char in NAMED.findall(stream.decode("latin-1"))
    }


def _shown(stream: bytes, names: list[dict[int, str]]) -> str:
    font, lines = names[0], []
    for chosen, text in SHOWN.findall(stream):
        if chosen:
            font = names[int(chosen) - 1]
            continue
        raw = ESCAPED.sub(lambda found: LETTERS.get(found[1], found[1]), text)
        pairs = zip(raw[::2], raw[1::2], strict=True)
        lines.append("".join(font.get(high * 256 + low, "") for high, low in pairs))
    return "\n".join(lines)
