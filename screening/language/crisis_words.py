"""Reads raw text as plain words for the crisis rules, each with its place in the text.

Unlike `words.fold` it loses no place: what a rule matched is shown exactly as typed,
whatever tags, hidden characters, spaced-out letters or slips stood in between.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from screening.language.words import BREAK, Folded

Mend = Callable[[str], tuple[str, ...]]

_MARKUP = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9})[^<>]{0,200}>|&#?\w{2,8};")
_INLINE = frozenset({"b", "i", "u", "s", "em", "strong", "span", "font", "mark", "wbr"})
_HIDDEN = frozenset({"Cf", "Cs", "Co", "Mn", "Me"})
_LOOKALIKE = str.maketrans("аеорсхіуӏкмтнвαειοκνρτυ", "aeopcxiyikmthbaeiokvptu")
_LEET = str.maketrans("0134578@$", "oieastbas")
_APOSTROPHES = "'’‘´`ʼ"
_ENDS = frozenset(".;:!?¿¡")
# A single character for a whole phrase is no word of anybody's worry.
_PHRASE = 4
_RUN = re.compile(r"(.)\1{2,}")
_TOKEN = re.compile(
    r"[^\W_](?:[^\W_]|[*@$](?=[^\W_*])|\*(?=\*)|!(?=[^\W\d_]))*|\n+|[^\w\s]"
)
# "not at all, I want to die" does not deny: what stands before the comma is an answer.
_ANSWERS = frozenset(
    [
        *(
            "no",
            "nope",
            "nah",
            "nel",
            "no no",
            "pues no",
            "yes",
            "yeah",
            "yep",
            "si",
            "sip",
        ),
        *("si si", "pues si", "bueno", "well", "ok", "okay", "never", "nunca", "jamas"),
        *("none", "nada", "nothing", "not at all", "not really", "no not at all"),
        *(
            "no not really",
            "no never",
            "nope never",
            "not once",
            "no nunca",
            "para nada",
        ),
        *("no para nada", "la verdad no", "casi nunca", "hardly ever", "not much"),
        *("not often", "i guess not", "creo que no"),
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A plain word or a break, and where it stands in the raw text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a language knows of its crisis words."""

    mend: Mend
    knows: Callable[[str], bool]
    pairs: dict[str, str]


def fold(raw: str, lexicon: Lexicon) -> Folded:
    """Return the words of raw, mended and joined by single spaces, with their places."""
    tokens = _joined(_tokens(raw, lexicon), lexicon)
    mended = [
        Token(word, token.start, token.end)
        for token in tokens
        for word in ((BREAK,) if token.word == BREAK else lexicon.mend(token.word))
    ]
    return _folded(raw, _paired(mended, lexicon.pairs))


def _tokens(raw: str, lexicon: Lexicon) -> list[Token]:
    text, places = _visible(raw)
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end = places[match.start()], places[match.end() - 1] + 1
        follows = raw[places[match.end()]] if match.end() < len(places) else ""
        for word in _words(match.group(), follows, found, lexicon):
            found.append(Token(word, start, end))
    return found


def _words(
    typed: str, follows: str, before: list[Token], lexicon: Lexicon
) -> tuple[str, ...]:
    """What was typed stands for: a word, a break, or nothing."""
    if typed[0] == "\n":
        # A line may end in mid-sentence: then the next one begins small.
        return () if len(typed) == 1 and follows.islower() else (BREAK,)
    if not typed[0].isalnum():
        answered = typed == "," and _is_answer(before)
        return (BREAK,) if typed in _ENDS or answered else ()
    if "!" in typed:
        whole = plain(typed.replace("!", "i"))
        parts = typed.split("!")
        return (
            (whole,)
            if lexicon.knows(whole)
            else (plain(parts[0]), BREAK, *map(plain, parts[1:]))
        )
    return (plain(typed),)


def _is_answer(before: list[Token]) -> bool:
    said: list[str] = []
    for token in reversed(before[-5:]):
        if token.word == BREAK:
            break
        said.insert(0, token.word)
    return " ".join(said) in _ANSWERS


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """A word with digits read as letters and stretched letters shortened."""
    if any(c.isalpha() for c in word) and any(c in "0134578@$" for c in word):
        word = word.translate(_LEET)
    return _RUN.sub(r"\1", word) if not word.isdigit() else word


def _visible(raw: str) -> tuple[str, list[int]]:
    """Small plain characters, and for each the place it has in the raw text."""
    text: list[str] = []
    places: list[int] = []

    def add(shown: str, place: int) -> None:
        for character in shown:
            text.append(character)
            places.append(place)

    at = 0
    for found in _MARKUP.finditer(raw):
        for place in range(at, found.start()):
            add(_shown(raw[place]), place)
        add(_read_markup(found), found.start())
        at = found.end()
    for place in range(at, len(raw)):
        add(_shown(raw[place]), place)
    return _without_dots("".join(text)), places


def _read_markup(found: re.Match[str]) -> str:
    if (tag := found.group(1)) is not None:
        return "" if tag.lower() in _INLINE else " "
    return "".join(map(_shown, html.unescape(found.group())))


def _without_dots(text: str) -> str:
    """A row of dots is a pause in a sentence, not its end; length stays the same."""
    return re.sub(r"[.…]{2,}", lambda found: " " * len(found.group()), text)


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character in _APOSTROPHES or unicodedata.category(character) in _HIDDEN:
        return ""
    if character in "\r\u2028\u2029\v\f":
        return "\n"
    if character == "…":
        return " "
    spread = unicodedata.normalize("NFKD", character).lower()
    if len(spread) > _PHRASE:
        return " "
    kept = "".join(c for c in spread if not unicodedata.combining(c))
    return kept.translate(_LOOKALIKE)


def _joined(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Join "k i l l" and "d.i.e": single letters in a row."""
    result: list[Token] = []
    run: list[Token] = []
    for token in tokens:
        if len(token.word) == 1 and token.word.isalpha():
            run.append(token)
        elif run and token.word == BREAK and token.start == run[-1].end:
            continue  # a dot right behind a single letter
        else:
            result += [*_join_run(run, lexicon), token]
            run = []
    return result + _join_run(run, lexicon)


def _join_run(run: list[Token], lexicon: Lexicon) -> list[Token]:
    word = "".join(token.word for token in run)
    if len(run) >= 4 or (len(run) == 3 and lexicon.knows(word)):
        return [Token(word, run[0].start, run[-1].end)]
    return run


def _paired(tokens: list[Token], pairs: dict[str, str]) -> list[Token]:
    """Join two words that are one: "un alive", "my self"."""
    result: list[Token] = []
    for token in tokens:
        before = result[-1] if result else None
        beside = before is not None and token.start - before.end <= 1
        one = pairs.get(f"{before.word} {token.word}") if before and beside else None
        if one is None or before is None:
            result.append(token)
        else:
            result[-1] = Token(one, before.start, token.end)
    return result


def _folded(raw: str, tokens: list[Token]) -> Folded:
    places: list[tuple[int, int, int]] = []
    at = 0
    for token in tokens:
        places.append((at, token.start, token.end))
        at += len(token.word) + 1
    text = " ".join(token.word for token in tokens)
    return Folded(raw=raw, text=text, places=tuple(places))
