"""Folds a typed reply into plain words, spelling mended against the answers' own words.

A general spell checker does harm ("evry" becomes "very"): only words of the closed
vocabulary are ever put in place of what was typed.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from screening.language import phrasebook, tables, words
from screening.language.phrasebook import Vocabulary

KEEP = "-–—/%?~,"
_ONE_BY_ONE = re.compile(r"(?:[^\s|]+ \| ){2,}[^\s|]+(?: \|)*")  # "every. single. day."


def folded(text: str, language: str) -> str:
    """The reply as plain words, spelling mended against the closed vocabulary only."""
    text = re.sub(r"\bI['’]ll\b", "I will", text, flags=re.IGNORECASE)
    linked = phrasebook.vocabulary(tables.short(language)).table["ampersand"]
    text = text.replace("&", f" {linked} ")
    plain = words.fold(text, mend=_mender(tables.short(language)), keep=KEEP).text
    plain = re.sub(r"(?<=[a-z]) [-–—~] (?=[a-z])", " ", plain)
    # A comma ends a clause, but not between two numbers: "2, maybe 3 days".
    plain = re.sub(r"(?<=\d) , (?=(?:[a-z]+ ){0,2}\d)", " ", plain)
    plain = plain.replace(" , ", " | ").replace(",", words.BREAK)
    return plain.replace(" |", "") if _ONE_BY_ONE.fullmatch(plain) else plain


@lru_cache(maxsize=4)
def _mender(language: str) -> words.Mend:
    known = phrasebook.vocabulary(language)
    numbers, aliases = known.table["numbers"], known.table["aliases"]

    @lru_cache(maxsize=4096)
    def mend(word: str) -> tuple[str, ...]:
        for ending, instead in known.table["endings"]:
            word = re.sub(ending, instead, word)
        meant = [
            known.slips.get(one, one)
            for part in word.split()
            for one in (
                aliases[part].split() if part in aliases else _apart(part, known)
            )
        ]
        return tuple(str(numbers.get(one, one)) for one in meant)

    return mend


def _apart(word: str, known: Vocabulary) -> list[str]:
    """The word meant, or the two that were typed without the space between them."""
    near = _nearest(word, known)
    listed, numbers = known.table["vocabulary"], known.table["numbers"]
    if near == word and word not in known.known:
        for at in range(3, len(word) - 2):
            if (word[:at] in listed or word[:at] in numbers) and word[at:] in listed:
                return [word[:at], word[at:]]
    return [near]


def _nearest(word: str, known: Vocabulary) -> str:
    """The word meant by a slip of the ear or the finger, if just one of the table fits."""
    if len(word) < 4 or word in known.known or not word.isalpha():
        return word
    heard = phrasebook.sound(word, known.table["sounds"])
    alike = [one for one in known.sounds.get(heard, ()) if _alike(word, one)]
    numbers = known.table["numbers"]
    if len({numbers.get(one, one) for one in alike}) == 1:
        return alike[0]
    fits = {one for one in known.table["vocabulary"] if _slipped(word, one)}
    return fits.pop() if len(fits) == 1 else word


def _alike(word: str, meant: str) -> bool:
    """Whether a word that sounds the same looks the same too: "noon" is not "none"."""
    apart = 2 if len(word) >= 5 else 1
    return bool(OSA.distance(word, meant, score_cutoff=apart) <= apart)


def _slipped(word: str, meant: str) -> bool:
    """One slip away, two in a long word; the first letter is seldom the wrong one."""
    same_start = meant[0] == word[0]
    slips = 2 if len(word) >= 9 and same_start else 1
    if not same_start and len(word) < 7:
        return False
    return bool(OSA.distance(word, meant, score_cutoff=slips) <= slips)
