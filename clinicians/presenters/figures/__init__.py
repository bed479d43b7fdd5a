"""The team's figures: read, kept from showing few people, laid out as tables."""

from clinicians.presenters.figures.cells import Table
from clinicians.presenters.figures.pages import (
    figures_tables,
    period_of,
    rules_tables,
)
from clinicians.presenters.figures.period import Chosen
from clinicians.presenters.figures.rules import fixed_rules

__all__ = [
    "Chosen",
    "Table",
    "fixed_rules",
    "figures_tables",
    "period_of",
    "rules_tables",
]
