"""Whether a model may be asked for this patient, what that may cost, and its rows."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from core.models import Clinic
from screening import definitions
from screening.domain.instruments import Item
from screening.language import client
from screening.language.budget import Allowance
from screening.language.calls import CallRecord
from screening.models import ModelCall, Screening
from screening.models.sitting import Sitting
from screening.models.spending import used_today


def may_ask_model(sitting: Sitting, item: Item) -> bool:
    """Return whether a model may be asked about this item for this patient."""
    clinic = sitting.screening.clinic
    chosen = clinic.ai_enabled and sitting.screening.ai_consent
    worded = item.wordable and not item.safety
    allowed = settings.LANGUAGE_ENABLED and clinic.wording_policy != "official"
    return bool(chosen and worded and allowed)


def model_is_offered(clinic: Clinic) -> bool:
    """Return whether a patient of this clinic has a model to say yes or no to."""
    used = clinic.ai_enabled and clinic.wording_policy != "official"
    return bool(used and client.current_config().configured)


def may_read_words(sitting: Sitting, item: Item) -> bool:
    """Return whether a model may read a reply: the patient must have been told so."""
    since = definitions.pages(sitting.screening.language)["ai"]["reads_words_since"]
    agreed_to = sitting.screening.consent_version
    told = _version(agreed_to) >= _version(since)
    return told and may_ask_model(sitting, item)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def allowance(clinic: Clinic, *, at: datetime) -> Allowance:
    """Return what the clinic may still spend on its own calendar day."""
    used = used_today(clinic, at=at)
    tokens, cost = clinic.model_tokens_per_day, clinic.model_cost_per_day
    if tokens is None:
        tokens = settings.LANGUAGE_TOKENS_PER_DAY
    if cost is None:
        cost = settings.LANGUAGE_COST_PER_DAY
    return Allowance(
        tokens=max(0, tokens - used.tokens),
        cost=None if cost is None else cost - used.cost,
    )


def rows(
    sitting: Sitting, calls: Iterable[CallRecord], *, at: datetime
) -> list[ModelCall]:
    """Return the rows of the calls that one turn took."""
    screening = sitting.screening
    return [
        row(call, clinic=screening.clinic, screening=screening, at=at) for call in calls
    ]


def row(
    call: CallRecord, *, clinic: Clinic, screening: Screening | None, at: datetime
) -> ModelCall:
    """Return the row of one call, for whoever saves it beside what came of it."""
    return ModelCall(
        clinic=clinic,
        screening=screening,
        purpose=call.purpose,
        link_id=call.link_id,
        instrument_id=call.instrument_id,
        model=call.model,
        prompt_id=call.prompt_id,
        prompt_hash=call.prompt_hash,
        latency_ms=call.latency_ms,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        tokens_charged=call.charged,
        cost=call.cost,
        outcome=call.outcome,
        verdicts=list(call.verdicts),
        at=at,
    )
