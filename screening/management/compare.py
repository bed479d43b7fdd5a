"""The second table of `manage.py language evaluate`: models and prompts side by side."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from screening.language.configuration import current_config
from screening.language.evaluation import comparing, models, sets
from screening.language.evaluation.comparing import Compared
from screening.language.evaluation.figures import Share

ROWS = 20
WITHOUT = (
    "No model is configured (OPENAI_BASE_URL, OPENAI_MODEL), so models and prompts "
    "were not compared."
)


def add_arguments(parser: ArgumentParser) -> None:
    """The options about models."""
    own = parser.add_argument_group("evaluate, with a model configured")
    own.add_argument("--models", help="names, with commas; without: OPENAI_MODEL")
    own.add_argument("--prompts", help="prompt ids, with commas; without: those in use")
    own.add_argument(
        "--rows",
        type=int,
        default=ROWS,
        help=f"rows a language and prompt that a model is asked about ({ROWS}); 0: none",
    )


def lines(options: Mapping[str, Any], folder: Path, half: str) -> Iterator[str]:
    """One line a model and prompt; raises ValueError or sets.SetRefused."""
    config = current_config()
    if not config.configured:
        if not options["as_json"]:
            yield WITHOUT
        return
    names = _named(options["models"]) or [config.model]
    found = [
        comparing.compared(contender, models.tried(contender, rows, config))
        for contender in models.contenders(names, _named(options["prompts"]))
        if contender.purpose in (options["part"] or sets.PARTS)
        and (rows := _rows(folder, half, contender.purpose, options["rows"]))
    ]
    if options["as_json"]:
        yield from (json.dumps(_plain(half, one)) for one in found)
    else:
        yield from _table(half, found)


def _rows(folder: Path, half: str, purpose: str, most: int) -> list[sets.Row]:
    return models.chosen(sets.read(folder, half, purpose), purpose, most)


def _named(listed: str | None) -> list[str]:
    return [name.strip() for name in (listed or "").split(",") if name.strip()]


def _table(half: str, found: Sequence[Compared]) -> Iterator[str]:
    yield f"Models and prompts, {half} half. Usable: past the gate, or an option to confirm."
    yield (
        f"{'model':<32}{'prompt':<14}{'usable':>9}{'right':>9}{'wrong':>9}"
        f"{'p50 ms':>8}{'p95 ms':>8}{'tokens':>9}  cost"
    )
    for one in found:
        who = one.contender
        cost = "no prices set" if one.cost is None else f"{one.cost}"
        shares = "".join(
            f"{_of(part):>9}" for part in (one.usable, one.right, one.wrong)
        )
        yield (
            f"{who.model:<32}{who.prompt:<14}{shares}"
            f"{one.p50:>8}{one.p95:>8}{one.tokens:>9}  {cost}"
        )


def _of(part: Share) -> str:
    return f"{part.hits}/{part.of}" if part.of else "–"


def _plain(half: str, one: Compared) -> dict[str, Any]:
    shares = {"usable": one.usable, "right": one.right, "wrong": one.wrong}
    return {
        "half": half,
        "comparison": one.contender.purpose,
        "model": one.contender.model,
        "prompt": one.contender.prompt,
        **{name: {"hits": part.hits, "of": part.of} for name, part in shares.items()},
        "latency_ms": {"p50": one.p50, "p95": one.p95},
        "tokens": one.tokens,
        "cost": None if one.cost is None else str(one.cost),
    }
