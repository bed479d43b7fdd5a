"""The reviewed data files: instruments, rules and texts, refused whole if unsafe."""

from screening.definitions.care import (
    Care,
    Expectation,
    Topic,
    care,
    page_about,
    topic_on,
    topics_after,
)
from screening.definitions.inspecting import problems
from screening.definitions.languages import (
    Language,
    best,
    codes,
    english_names,
    languages,
)
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
    rest,
    step_rules,
)
from screening.definitions.texts import connecting, pages

__all__ = [
    "Care",
    "Contact",
    "CrisisLine",
    "CrisisLines",
    "DefinitionMissing",
    "Expectation",
    "Language",
    "Topic",
    "best",
    "care",
    "codes",
    "connecting",
    "countries",
    "crisis_lines",
    "due_policy",
    "english_names",
    "every_line",
    "exit_target",
    "flag_rules",
    "get",
    "languages",
    "load_all",
    "page_about",
    "pages",
    "problems",
    "rest",
    "step_rules",
    "topic_on",
    "topics_after",
]
