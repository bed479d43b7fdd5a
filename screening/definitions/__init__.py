"""The reviewed data files: instruments, rules and texts, refused whole if unsafe."""

from screening.definitions.care import Care, Expectation, Topic, care, topics_after
from screening.definitions.inspecting import problems
from screening.definitions.lines import (
    Contact,
    CrisisLine,
    CrisisLines,
    countries,
    crisis_lines,
    every_line,
)
from screening.definitions.loading import (
    DefinitionMissing,
    due_policy,
    exit_target,
    flag_rules,
    get,
    load_all,
)
from screening.definitions.texts import pages

__all__ = [
    "Care",
    "Contact",
    "CrisisLine",
    "CrisisLines",
    "DefinitionMissing",
    "Expectation",
    "Topic",
    "care",
    "countries",
    "crisis_lines",
    "due_policy",
    "every_line",
    "exit_target",
    "flag_rules",
    "get",
    "load_all",
    "pages",
    "problems",
    "topics_after",
]
