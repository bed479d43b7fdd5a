"""Cuts a text into the pieces that are compared with examples, and hashes letters."""

import re
import zlib
from collections.abc import Iterator

from screening.language.words import plain

LONGEST = 40  # words of a sentence that are looked at together
STEP = 25  # words from the beginning of one window to the next
Span = tuple[int, int]
_SENTENCE = re.compile(r"[^.!?;\n\u2028\u2029¿¡|]+")


def pieces(text: str) -> Iterator[Span]:
    """Where the whole of a short text is, and each sentence; a long one in windows."""
    words = [found.span() for found in re.finditer(r"\S+", text)]
    if 0 < len(words) <= LONGEST:
        yield words[0][0], words[-1][1]
    for sentence in _SENTENCE.finditer(text):
        inside = [
            (sentence.start() + found.start(), sentence.start() + found.end())
            for found in re.finditer(r"\S+", sentence.group())
        ]
        if not any(c.isalpha() for c in sentence.group()):
            continue
        for at in range(0, max(1, len(inside) - LONGEST + STEP), STEP):
            window = inside[at : at + LONGEST]
            yield window[0][0], window[-1][1]


def hashed(piece: str, slots: int) -> dict[int, float]:
    """Which slots the runs of letters, words and pairs of a piece fall into."""
    words = [plain(word) for word in re.findall(r"[^\W_]+", piece.replace("'", ""))]
    found: dict[int, float] = {}
    for run in _runs(words):
        key = zlib.crc32(run.encode())
        sign = 1.0 if key & 0x80000000 else -1.0
        found[key % slots] = found.get(key % slots, 0.0) + sign
    length = sum(count * count for count in found.values()) ** 0.5 or 1.0
    return {slot: count / length for slot, count in found.items()}


def _runs(words: list[str]) -> set[str]:
    text = f" {' '.join(words)} "
    letters = {
        text[at : at + size] for size in (3, 4, 5) for at in range(len(text) - size + 1)
    }
    pairs = {f"b {one} {two}" for one, two in zip(words, words[1:], strict=False)}
    return letters | {f"w {word}" for word in words} | pairs
