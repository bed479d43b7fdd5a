"""What a clinic may still spend on a model today, and what a call may take at most.

A call goes out only where its worst case fits into what is left. What is left is read
from the rows of calls that have ended, so calls under way at that moment are not in
it: a day can be overshot, by at most one worst case for each of them. A process lets
`max_concurrent` calls out at once, so the bound is processes × max_concurrent × one
worst case, a few thousand tokens.
"""

from dataclasses import dataclass
from decimal import Decimal

from screening.language.configuration import ClientConfig, Prices
from screening.language.prompts import Prompt

# A tokenizer makes at most one token of every two characters of our own texts, and of
# every byte of what a patient typed; schema and frame of the messages come on top.
CHARACTERS_PER_TOKEN = 2
FRAME = 200


@dataclass(frozen=True, slots=True)
class Spend:
    """Tokens of one call, and their price where a price is known."""

    tokens_in: int
    tokens_out: int
    cost: Decimal | None

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.tokens_in + self.tokens_out

    @classmethod
    def of(cls, tokens_in: int, tokens_out: int, prices: Prices | None) -> "Spend":
        """What so many tokens cost."""
        cost = prices.cost(tokens_in, tokens_out) if prices else None
        return cls(tokens_in, tokens_out, cost)


NOTHING = Spend(0, 0, Decimal(0))


def worst_case(prompt: Prompt, config: ClientConfig) -> Spend:
    """The most that a call can take.

    It is tried again only after a fault for which nobody bills.
    """
    ours, theirs = len(prompt.system), len(prompt.data.encode())
    tokens_in = ours // CHARACTERS_PER_TOKEN + theirs + FRAME
    return Spend.of(tokens_in, config.max_tokens, config.prices)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a day. `cost` None: nobody has limited it."""

    tokens: int
    cost: Decimal | None = None

    def covers(self, call: Spend) -> bool:
        """Whether a call fits; a limited cost with an unknown price never does."""
        if call.tokens > self.tokens:
            return False
        if self.cost is None:
            return True
        return call.cost is not None and call.cost <= self.cost
