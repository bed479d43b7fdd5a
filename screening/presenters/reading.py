"""A page to read: the same for everyone, and open to anybody."""

from typing import Any

from django.utils import formats

from screening import definitions
from screening.domain.reading import REVIEWED
from screening.presenters.texts import texts


def reading_page(
    page: int, language: str, *, in_session: bool
) -> dict[str, Any] | None:
    """Return the context of one page, or None if there is no such page."""
    care = definitions.care(language)
    topic = definitions.topic_on(page, language)
    if topic is None:
        return None
    as_of = formats.date_format(care.as_of, "YEAR_MONTH_FORMAT")
    said = texts(language, "read", as_of=as_of)
    state = "reviewed" if care.review_state == REVIEWED else "written"
    return {
        "texts": said,
        "topic": topic,
        "state": said[state],
        "in_session": in_session,
    }
