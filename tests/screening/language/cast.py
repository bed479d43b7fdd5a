"""What the tests of the language layer share: shipped items and labelled cases."""

import json
from pathlib import Path
from typing import Any

from screening import definitions
from screening.domain.instruments import Instrument, Item

DATA = Path(__file__).parent / "data"


def cases(name: str) -> list[dict[str, Any]]:
    """A labelled set of the project's own."""
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def item_of(concept: str, language: str = "en") -> tuple[Item, Instrument]:
    """The first shipped item with a concept, and its instrument."""
    for instrument_id in ("phq-9", "gad-7", "asq"):
        try:
            instrument = definitions.get(instrument_id, language)
        except definitions.DefinitionMissing:
            continue
        for item in instrument.items:
            if item.concept == concept:
                return item, instrument
    raise LookupError(f"No {concept} in {language}.")
