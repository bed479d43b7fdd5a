"""The clinic-side data file: patience, dispositions, contact outcomes."""

from functools import lru_cache
from pathlib import Path

from clinicians.workflow import ReviewPolicy, build_policy
from screening.definitions.files import read_json

ROOT = Path(__file__).resolve().parent / "data"


@lru_cache(maxsize=1)
def review_policy(root: Path = ROOT) -> ReviewPolicy:
    """The review policy as shipped; raises DefinitionError if it cannot be used."""
    return build_policy(read_json(root / "review.json", root), file="review.json")
