"""What plain rules hold against an option that a model read out of a reply.

They could not read the reply themselves, so a "not", a "fine", somebody else or an
"I don't know" in it is reason enough to ask instead of proposing.
"""

from screening.language import readings, tables
from screening.language.readings import Vocabulary


def objection(text: str, value: int, language: str) -> str:
    """Return why this option may be the wrong way round, or "" if nothing says so."""
    known = readings.vocabulary(tables.short(language))
    plain = readings.folded(text, language)
    if _anywhere(known, "unknown", plain):
        return "unsure"
    if _anywhere(known, "others", plain):
        return "somebody_else"
    denied, well = _denied(known, plain), _well(known, plain)
    if value and denied:
        return "negated"
    if value and well:
        return "turned_round"
    # Nothing that is wrong is the one answer that nobody follows up.
    return "" if value or denied or well else "zero_without_a_no"


def _anywhere(known: Vocabulary, name: str, plain: str) -> bool:
    return any(pattern.search(plain) for pattern in known.patterns(name))


def _denied(known: Vocabulary, plain: str) -> bool:
    """A "not" that is not itself the problem, as in "I cannot sleep"."""
    for name in ("emphasis", "symptom_negations"):
        for pattern in known.patterns(name):
            plain = pattern.sub("~", plain)
    return _anywhere(known, "negators", plain)


def _well(known: Vocabulary, plain: str) -> bool:
    """A good word without a word of trouble beside it."""
    said = set(plain.split())
    good = said & set(known.table["good_words"])
    return bool(good) and not said & set(known.table["trouble_words"])
