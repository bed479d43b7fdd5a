"""A person's name as a search compares it: pure, without accents, case or marks."""

import re
import unicodedata
from collections.abc import Iterator

# Letters that Unicode does not take apart, as they are typed without them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
)
# An apostrophe joins: O'Brien is one word. Anything else that is no letter divides.
_JOINING = re.compile(r"['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")
# Shorter beginnings would find half of the clinic.
SHORTEST_BEGINNING = 3
LONGEST = 30


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name, each once: `García-Núñez` is `garcia` and `nunez`."""
    # Apostrophes first: taken apart, an accent that stands alone becomes a space.
    joined = _JOINING.sub("", text)
    apart = unicodedata.normalize("NFKD", joined.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    found = _WORD.findall(bare.translate(_PLAIN).casefold())
    return tuple(dict.fromkeys(word[:LONGEST] for word in found))


def beginnings(word: str) -> Iterator[str]:
    """Yield what finds the word: itself, and each beginning of three letters or more."""
    yield word
    for length in range(SHORTEST_BEGINNING, len(word)):
        yield word[:length]
