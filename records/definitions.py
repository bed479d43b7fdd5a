"""The data file of the records app, read strictly."""

from functools import lru_cache
from pathlib import Path

from records.workflow.policy import DeliveryPolicy, build_delivery_policy
from records.workflow.quality import Measure, build_measure
from screening.definitions.files import read_json

ROOT = Path(__file__).resolve().parent / "data"


@lru_cache(maxsize=1)
def delivery_policy(root: Path = ROOT) -> DeliveryPolicy:
    """How results leave; raises DefinitionError if the file cannot be used."""
    data = read_json(root / "delivery.json", root)
    return build_delivery_policy(data, file="delivery.json")


@lru_cache(maxsize=1)
def depression_measure(root: Path = ROOT) -> Measure:
    """What counts for CMS2; raises DefinitionError if the file cannot be used."""
    return build_measure(read_json(root / "cms2.json", root), file="cms2.json")
