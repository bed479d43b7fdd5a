"""Questions that no explanation of an item may answer: diagnosis, treatment, comfort."""

import re
from functools import lru_cache

from screening.language import tables, words


def is_outside(question: str, language: str) -> bool:
    """Whether a question asks for what only a person on the care team can say."""
    short = tables.short(language)
    folded = words.fold(question[:2000], mend=_mend(short)).text
    return any(pattern.search(folded) for pattern in _patterns(short))


@lru_cache(maxsize=4)
def _mend(language: str) -> words.Mend:
    return words.alias_mender(tables.table("gate", language)["aliases"])


@lru_cache(maxsize=4)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    listed = tables.table("gate", language)["outside"]
    return tables.compiled(tuple(listed), {}, place=f"gate.{language}.json outside")
