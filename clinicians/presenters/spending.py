"""What the language model took today at a clinic, beside what it may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma

from core.models import Clinic
from screening.models.spending import used_today


@dataclass(frozen=True, slots=True)
class Spending:
    """The state of the model here, as sentences for the settings page."""

    state: str
    today: Sequence[str]
    warning: str


def spending(clinic: Clinic, *, at: datetime) -> Spending:
    """Return what to say of the model at this clinic, and of today's use."""
    if not settings.LANGUAGE_ENABLED:
        state = "No language model is set up here: patients get the shipped words."
    elif not clinic.ai_enabled:
        state = f"{settings.OPENAI_MODEL} is set up; this clinic has it turned off."
    else:
        state = f"{settings.OPENAI_MODEL} may help patients who agree."
    return Spending(state=state, today=_today(clinic, at=at), warning=_warning())


def _warning() -> str:
    if not settings.LANGUAGE_NOT_FOR_PATIENTS:
        return ""
    return (
        "This model is for trying the product out. It is not fit to write what a "
        "patient reads: do not use it with patients."
    )


def _today(clinic: Clinic, *, at: datetime) -> list[str]:
    used = used_today(clinic, at=at)
    tokens, cost = clinic.model_tokens_per_day, clinic.model_cost_per_day
    tokens = settings.LANGUAGE_TOKENS_PER_DAY if tokens is None else tokens
    cost = settings.LANGUAGE_COST_PER_DAY if cost is None else cost
    so_far = f"{intcomma(used.tokens)} of {intcomma(tokens)} tokens"
    lines = [f"Today: {_calls(used.calls)}, {so_far}."]
    if settings.LANGUAGE_PRICE_IN is not None:
        of = "" if cost is None else f" of {cost:.2f}"
        lines.append(f"Cost today: {_money(used.cost)}{of}.")
    if used.tokens >= tokens or (cost is not None and used.cost >= cost):
        lines.append("The day’s limit is reached: patients get the shipped words.")
    return lines


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{intcomma(count)} calls"


def _money(amount: Decimal) -> str:
    """Hundredths, but never a use shown as nothing."""
    return "less than 0.01" if 0 < amount < Decimal("0.01") else f"{amount:.2f}"
