"""Scores one list of answers from the command line; needs no database."""

import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import definitions
from screening.domain import flags, scoring
from screening.domain.instruments import DefinitionError, Instrument

UNUSABLE = 2


class Command(BaseCommand):
    """manage.py score phq-9 3,0,1,2,0,0,1,0,3"""

    help = "Score answers given in item order; an empty value means not answered."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Instrument, answers, and how to show the result."""
        parser.add_argument("instrument", help="for example phq-9")
        parser.add_argument("answers", help="values with commas between: 3,0,,2")
        parser.add_argument("--language", default="en")
        parser.add_argument("--prorate", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_: str, **options: Any) -> None:
        """Print the score, or leave with 2 and a sentence."""
        try:
            instrument = definitions.get(options["instrument"], options["language"])
            answers = read_answers(instrument, options["answers"])
            score = scoring.score(instrument, answers, prorate=options["prorate"])
        except (KeyError, DefinitionError, scoring.AnswerRefused) as refused:
            raise CommandError(str(refused), returncode=UNUSABLE) from refused
        found = describe(score, raise_flags(instrument, answers, score))
        if options["as_json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(in_words(found)))


def read_answers(instrument: Instrument, text: str) -> dict[str, int | None]:
    """Values in item order; items that depend on others may be left off at the end."""
    values = [value.strip() for value in text.split(",")]
    most = len(instrument.items)
    least = sum(item.enable_when is None for item in instrument.items)
    if not least <= len(values) <= most:
        expected = str(most) if least == most else f"{least} or {most}"
        raise scoring.AnswerRefused(
            f"The {instrument.short_name} takes {expected} values, not {len(values)}."
        )
    answers: dict[str, int | None] = {}
    for item, value in zip(instrument.items, values, strict=False):
        if not value:
            continue
        if not re.fullmatch(r"\d{1,3}", value, re.ASCII):
            raise scoring.AnswerRefused(
                f"Item {item.number} takes a whole number, not {value!r}."
            )
        answers[item.link_id] = int(value)
    return answers


def raise_flags(
    instrument: Instrument, answers: scoring.Answers, score: scoring.Score
) -> list[flags.RaisedFlag]:
    """The flags that these answers alone raise."""
    rules = definitions.flag_rules()
    found: list[flags.RaisedFlag] = []
    for link_id, value in answers.items():
        found += flags.on_answer(rules, instrument, link_id, value)
    found += flags.on_score(rules, instrument, score, [], longer_form_done=False)
    return sorted(found, key=lambda flag: flags.tier_rank(flag.tier))


def describe(score: scoring.Score, raised: list[flags.RaisedFlag]) -> dict[str, Any]:
    """The result as one object for JSON."""
    return score.to_dict() | {
        "flags": [
            {
                "rule": flag.rule,
                "priority": flag.tier.value,
                "evidence": flag.evidence.to_dict(),
            }
            for flag in raised
        ]
    }


def in_words(found: dict[str, Any]) -> list[str]:
    """The result as lines to read."""
    total = "none, not complete" if found["total"] is None else str(found["total"])
    lines = [f"{found['instrument']} {found['version']}"]
    lines.append(f"Result: {found['triage'] or total}")
    if found["band"]:
        lines.append(f"Band: {found['band']}")
    if found["prorated"]:
        lines.append("Prorated: missing items were replaced by the mean of the others")
    if found["missing"]:
        lines.append(f"Not answered: {', '.join(found['missing'])}")
    if found["algorithm"]:
        lines.append(found["algorithm"])
    for part in found["subscales"]:
        lines.append(f"Subscale {part['label']}: {part['total']}")
    for flag in found["flags"]:
        lines.append(
            f"Flag {flag['rule']} ({flag['priority']}): {flag['evidence']['detail']}"
        )
    if not found["flags"]:
        lines.append("No flag from these answers")
    return lines
