"""Folds typed text into plain words, and keeps the way back to what was typed."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

BREAK = "|"  # stands between two clauses, so that no rule reaches across
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)?|[^\W\d_][^\W_]*(?:['@$][^\W_]+)*['$]?|[$@][^\W_]+|[^\w\s]"
)
_LEET = str.maketrans("0134578@$", "oieastbas")
_LOOKALIKE = str.maketrans("аеорсхіуӏкмтнв", "aeopcxiyikmthb")
_MARKS = str.maketrans({**dict.fromkeys("’‘´`ʼ", "'"), "½": "1/2", "¼": "1/4"})
_RUN = re.compile(r"(.)\1{2,}")
_CLAUSE_ENDS = frozenset(".;:!?¿¡")  # people pause in mid-sentence: no comma

Mend = Callable[[str], tuple[str, ...]]
Word = tuple[str, int, int]  # the word, its start and end in the raw text


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded words joined by single spaces, each with its place in the raw text."""

    raw: str
    text: str
    places: tuple[tuple[int, int, int], ...]  # start in text, start and end in raw

    def raw_words(self, start: int, end: int) -> str:
        """What the person typed for text[start:end]."""
        inside = [place for place in self.places if start <= place[0] < end]
        return self.raw[inside[0][1] : inside[-1][2]] if inside else ""


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """A word in small letters, without accents, look-alikes, marks or digits as letters."""
    spread = unicodedata.normalize("NFKD", word).lower().translate(_LOOKALIKE)
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    if re.search(r"[a-z]", bare) and re.search(r"[0-9@$]", bare):
        bare = bare.translate(_LEET)
    return _RUN.sub(r"\1", bare.replace("'", "")) if not bare.isdigit() else bare


def fold(text: str, *, mend: Mend | None = None, keep: str = "") -> Folded:
    """Fold text; characters of keep stay words, sentence marks become breaks."""
    tidy = _visible(text)
    found = [
        (word, place.start(), place.end())
        for place in _TOKEN.finditer(tidy)
        if (word := _read(place.group(), keep))
    ]
    mended = [
        (part, start, end)
        for word, start, end in _spelled_out(found)
        for part in (mend(word) if mend else (word,))
    ]
    return _joined(tidy, mended)


def _visible(text: str) -> str:
    """Without zero-width and direction marks, tags and line ends, at equal meaning."""
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    kept = re.sub(r"</?[A-Za-z][^<>]{0,200}>", " ", kept)
    kept = re.sub(r"\.{2,}", " ", kept)
    return re.sub(r"[\r\n]+", " . ", kept.translate(_MARKS))


def _read(token: str, keep: str) -> str:
    if token in keep:
        return token
    if token in _CLAUSE_ENDS:
        return BREAK
    return plain(token) if any(c.isalnum() for c in token) else ""


def _spelled_out(words: list[Word]) -> list[Word]:
    """Join "k i l l" into one word; four single letters in a row or more."""
    result: list[Word] = []
    run: list[Word] = []
    for word in words:
        if len(word[0]) == 1 and word[0].isalpha():
            run.append(word)
            continue
        if run and word[0] == BREAK and word[2] - run[-1][2] <= 1:
            continue  # "s.u.i.c.i.d.e": a dot right behind a single letter
        result += [*_join_run(run), word]
        run = []
    return result + _join_run(run)


def _join_run(run: list[Word]) -> list[Word]:
    if len(run) < 4:
        return run
    return [("".join(part[0] for part in run), run[0][1], run[-1][2])]


def _joined(raw: str, words: list[Word]) -> Folded:
    text: list[str] = []
    places: list[tuple[int, int, int]] = []
    at = 0
    for word, start, end in words:
        places.append((at, start, end))
        text.append(word)
        at += len(word) + 1
    return Folded(raw=raw, text=" ".join(text), places=tuple(places))


def alias_mender(aliases: Mapping[str, str]) -> Mend:
    """A mender that only knows a list: "gonna" is read as "going to"."""

    def mend(word: str) -> tuple[str, ...]:
        return tuple(aliases.get(word, word).split())

    return mend
