"""Decides every word, link and choice that a patient's page shows."""

from screening.presenters.begin import begin_page, check_page, errors_of, is_minor
from screening.presenters.calls import call_page, outside_page
from screening.presenters.copy import copy_page, copy_texts, may_copy
from screening.presenters.earlier import kept_onward, onward
from screening.presenters.ending import end_page
from screening.presenters.finish import help_page, review_page, safety_page
from screening.presenters.overview import list_page, way_back
from screening.presenters.places import is_there, moved_to
from screening.presenters.question import (
    confirm_page,
    key_seconds,
    new_key,
    question_page,
    shown_from,
)
from screening.presenters.reading import reading_page
from screening.presenters.texts import texts

__all__ = [
    "begin_page",
    "call_page",
    "check_page",
    "confirm_page",
    "copy_page",
    "copy_texts",
    "end_page",
    "errors_of",
    "help_page",
    "is_minor",
    "is_there",
    "kept_onward",
    "key_seconds",
    "list_page",
    "may_copy",
    "moved_to",
    "new_key",
    "onward",
    "outside_page",
    "question_page",
    "reading_page",
    "review_page",
    "safety_page",
    "shown_from",
    "texts",
    "way_back",
]
