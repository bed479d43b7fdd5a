"""The data files of the records app, read once; a file is refused whole if unusable."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from records.workflow.policy import DeliveryPolicy, build_delivery_policy
from records.workflow.quality import Measure, build_measure
from records.workflow.topics import SubscriptionRules, build_subscription_rules
from screening.definitions.files import read_json
from screening.domain.reading import Reader, read_review

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


@lru_cache(maxsize=1)
def subscription_rules(root: Path = ROOT) -> SubscriptionRules:
    """What may be subscribed to; raises DefinitionError if the file cannot be used."""
    data = read_json(root / "subscriptions.json", root)
    return build_subscription_rules(data, file="subscriptions.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPolicy:
    """How long tokens, assertions and keys are good for, and what may be asked or sent."""

    token_seconds: int
    assertion_seconds: int
    clock_leeway_seconds: int
    keys_cached_seconds: int
    keys_again_seconds: int
    keys_largest_bytes: int
    keys_most: int
    keys_deadline_seconds: int
    tokens_kept_hours: int
    token_requests_per_minute: int
    token_addresses_per_minute: int
    tokens_together_per_minute: int
    requests_per_minute: int
    fhir_requests_per_minute: int
    answers_earliest_year: int
    page_usual: int
    page_most: int


@lru_cache(maxsize=1)
def api_policy(root: Path = ROOT) -> ApiPolicy:
    """The figures as shipped; raises DefinitionError if the file cannot be used."""
    reader = Reader(read_json(root / "api.json", root), "api.json")
    names = [field.name for field in fields(ApiPolicy)]
    told = ("version", "about", "sources", "review_state", "reviewed_by", "reviewed_on")
    reader.only(*told, *names)
    read_review(reader)
    figures = {name: reader.integer(name) for name in names}
    for name, figure in figures.items():
        if figure < 1:
            raise reader.refusal("must be 1 or more", name)
    return ApiPolicy(**figures)
