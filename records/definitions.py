"""The data file of the records app, read strictly."""

from functools import lru_cache
from pathlib import Path

from records.workflow.policy import DeliveryPolicy, build_delivery_policy
from screening.definitions.files import read_json

ROOT = Path(__file__).resolve().parent / "data"


@lru_cache(maxsize=1)
def delivery_policy(root: Path = ROOT) -> DeliveryPolicy:
    """How results leave; raises DefinitionError if the file cannot be used."""
    data = read_json(root / "delivery.json", root)
    return build_delivery_policy(data, file="delivery.json")
