"""Settings of the language model that make sense only together."""

from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

# A text being made is taken to have died with its worker after three minutes
# (screening/actions/wording_runs.py), and is then asked for again.
LONGEST_GENERATION = 150.0


def check_generation(*, seconds: float) -> None:
    """Refuse a deadline that outlives the claim on the work it is for."""
    if seconds > LONGEST_GENERATION:
        raise ImproperlyConfigured(
            "Set LANGUAGE_GENERATION_SECONDS to at most "
            f"{LONGEST_GENERATION:g}: a text that takes longer is begun again."
        )


def check_model(*, enabled: bool, model: str, base_url: str) -> None:
    """Refuse a model without a name or a place."""
    if enabled and not model:
        raise ImproperlyConfigured("Set OPENAI_MODEL, or LANGUAGE_ENABLED=false.")
    if model and not base_url:
        raise ImproperlyConfigured(
            "Set OPENAI_BASE_URL to where OPENAI_MODEL answers: what patients ask goes "
            "there. OpenAI's own is https://api.openai.com/v1."
        )


def check_prices(
    *, price_in: Decimal | None, price_out: Decimal | None, limit: Decimal | None
) -> None:
    """Refuse half a price, and a limit that nobody could keep."""
    if (price_in is None) != (price_out is None):
        raise ImproperlyConfigured(
            "Set both LANGUAGE_PRICE_IN and LANGUAGE_PRICE_OUT, or neither."
        )
    if limit is not None and price_in is None:
        raise ImproperlyConfigured(
            "Set LANGUAGE_PRICE_IN and LANGUAGE_PRICE_OUT: without them nobody can "
            "tell when LANGUAGE_COST_PER_DAY is spent."
        )
