"""A page to read: the same for everyone, and open to anybody."""

from typing import Any

from django.utils import formats

from screening import definitions
from screening.domain.reading import REVIEWED
from screening.presenters.texts import texts


def reading_page(
    topic: str, language: str, *, in_session: bool
) -> dict[str, Any] | None:
    """Return the context of one page, or None if there is no such topic."""
    care = definitions.care(language)
    if topic not in care.topics:
        return None
    as_of = formats.date_format(care.as_of, "YEAR_MONTH_FORMAT")
    said = texts(language, "read", as_of=as_of)
    state = "reviewed" if care.review_state == REVIEWED else "written"
    return {
        "texts": said,
        "topic": care.topics[topic],
        "state": said[state],
        "in_session": in_session,
    }
