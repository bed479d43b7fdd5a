"""Amendments as a case's timeline tells them."""

from collections.abc import Iterable
from datetime import datetime

from clinicians.presenters.results import ScreeningView


def amendment_lines(
    found: Iterable[ScreeningView],
) -> list[tuple[datetime, dict[str, str]]]:
    """Return a line of a case's timeline for every answer that was put right."""
    return [
        (
            given.amended.at,
            {
                "title": "Answer amended",
                "text": f"{part.score.title} item {item.number}",
                "by": given.amended.by,
            },
        )
        for screening in found
        for part in screening.administrations
        for item in part.items
        for given in (item.answer, *item.earlier)
        if given and given.amended
    ]
