"""Whether answers that are refused show danger, read as leniently as can be.

What is refused is not judged: it may lack its version, its patient or half of its items.
So every answer to a safety question that is not plainly zero counts.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from records.fhir.answered import is_declined, read_answer
from records.fhir.judging import SAFETY
from records.fhir.received import Issue

# By link id of a safety question the codes that stand for zero.
Harmless = Mapping[str, Collection[str]]


def danger_in(resource: object, harmless: Harmless) -> Issue | None:
    """What the sender must hear, or None where no safety question was answered so."""
    plain = {link.strip("/"): codes for link, codes in harmless.items()}
    for where, item in _items(resource):
        link = item.get("linkId")
        codes = plain.get(link.strip("/")) if isinstance(link, str) else None
        if codes is not None and _shows(item, codes):
            return Issue("processing", SAFETY, where)
    return None


def _items(resource: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every item at any depth: what is nested too deep to be taken is refused as well."""
    waiting: list[tuple[str, object]] = [("", resource)]
    while waiting:
        where, one = waiting.pop()
        if not isinstance(one, dict):
            continue
        for name in ("item", "answer"):
            under = one.get(name)
            several = under if isinstance(under, list) else [under]
            for number, inner in enumerate(several):
                here = f"{where}.{name}[{number}]".removeprefix(".")
                waiting.append((here, inner))
                if name == "item" and isinstance(inner, dict):
                    yield here, inner


def _shows(item: Mapping[str, Any], zeros: Collection[str]) -> bool:
    given = item.get("answer")
    if not given:
        return is_declined(item)
    several = given if isinstance(given, list) else [given]
    return not all(_is_zero(answer, zeros) for answer in several)


def _is_zero(answer: object, zeros: Collection[str]) -> bool:
    if not isinstance(answer, dict):
        return False
    read = read_answer("", answer, "", [])
    if read.code:
        return read.code in zeros and read.number in (None, 0)
    return read.number == 0
