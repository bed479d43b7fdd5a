"""What the tables of cases share: their rows, their sums, their ways to the queue."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse

from clinicians.presenters.figures.alerts import ALL
from clinicians.workflow.hiding import Sum
from screening.domain.rules import Tier

GROUPS = (*Tier, ALL)


class Links:
    """Addresses of the queue, for whoever may see it."""

    def __init__(self, *, sees: bool) -> None:
        self.sees = sees

    def queue(self, group: str = ALL, **more: str) -> str:
        """The queue, narrowed down to a tier and more."""
        if not self.sees:
            return ""
        tier = {} if group == ALL else {"tier": group}
        query = urlencode({**tier, **more})
        return f"{reverse('clinicians:queue')}{f'?{query}' if query else ''}"


def tier_words(group: str) -> str:
    """A tier as a row's head."""
    return "All" if group == ALL else group.capitalize()


def across(what: str, columns: Sequence[str]) -> Iterator[Sum]:
    """Every column adds up over the tiers to its total."""
    for column in columns:
        yield Sum((what, ALL, column), tuple((what, tier, column) for tier in Tier))
