"""Where the model is, how long each purpose may take and what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.conf import settings

# Nobody waits at a page for what is made ahead; everything else keeps a patient.
MADE_AHEAD = frozenset({"paraphrase"})
MILLION = 1_000_000
PARTS_OF_A_UNIT = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a million tokens cost, in the currency of the budgets."""

    tokens_in: Decimal
    tokens_out: Decimal

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """The price of one call."""
        spent = self.tokens_in * tokens_in + self.tokens_out * tokens_out
        return (spent / MILLION).quantize(PARTS_OF_A_UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """Where the model is and how much it may cost us."""

    base_url: str
    key: str
    model: str
    deadline: float = 4.0
    generation_deadline: float = 60.0
    max_concurrent: int = 4
    enabled: bool = True
    max_tokens: int = 300
    tries: int = 2
    failures_to_open: int = 3
    pause: float = 30.0
    prices: Prices | None = None

    @property
    def configured(self) -> bool:
        """Whether there is a model to ask at all."""
        return bool(self.enabled and self.base_url and self.model)

    @property
    def longest(self) -> float:
        """The longest that any call may take."""
        return max(self.deadline, self.generation_deadline)

    def deadline_for(self, purpose: str) -> float:
        """How long one purpose may take; one that nobody knows gets a page's time."""
        if purpose in MADE_AHEAD:
            return self.generation_deadline
        return self.deadline


# The settings by the name of the field that each of them fills.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "base_url": "OPENAI_BASE_URL",
        "key": "OPENAI_API_KEY",
        "model": "OPENAI_MODEL",
        "deadline": "LANGUAGE_DEADLINE_SECONDS",
        "generation_deadline": "LANGUAGE_GENERATION_SECONDS",
        "max_concurrent": "LANGUAGE_MAX_CONCURRENT",
        "enabled": "LANGUAGE_ENABLED",
    }
)


def current_config() -> ClientConfig:
    """The settings of this process."""
    given = {field: getattr(settings, name) for field, name in FIELDS.items()}
    return ClientConfig(**given, prices=current_prices())


def current_prices() -> Prices | None:
    """What a token costs, or None where nobody has said it."""
    tokens_in, tokens_out = settings.LANGUAGE_PRICE_IN, settings.LANGUAGE_PRICE_OUT
    if tokens_in is None or tokens_out is None:
        return None
    return Prices(tokens_in=tokens_in, tokens_out=tokens_out)
