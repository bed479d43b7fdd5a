"""How hard a text is to read: school grade in English, ease in Spanish.

Flesch-Kincaid grade; for Spanish Fernández Huerta's ease, turned into a grade by its
published table, so that one limit serves both.
"""

import re
from functools import lru_cache

import pyphen

_DICTIONARIES = {"en": "en_US", "es": "es"}
# Fernández Huerta's table: ease at least this reads like that grade.
_EASE_TO_GRADE = ((90, 4.0), (80, 5.0), (70, 6.0), (60, 8.0), (50, 10.0), (30, 13.0))


@lru_cache(maxsize=2)
def _hyphens(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=_DICTIONARIES[language])


def grade(text: str, language: str) -> float:
    """The school grade that a text asks for."""
    found = re.findall(r"[^\W\d_]+", text)
    if not found:
        return 0.0
    sentences = len(re.findall(r"[.!?]+(?=\s|$)", text)) or 1
    per_sentence = len(found) / sentences
    per_word = sum(_syllables(word.lower(), language) for word in found) / len(found)
    if language == "en":
        return 0.39 * per_sentence + 11.8 * per_word - 15.59
    ease = 206.84 - 60 * per_word - 1.02 * per_sentence
    return next((found for least, found in _EASE_TO_GRADE if ease >= least), 16.0)


@lru_cache(maxsize=8192)
def _syllables(word: str, language: str) -> int:
    return len(_hyphens(language).inserted(word).split("-"))
