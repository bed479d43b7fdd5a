"""Tells a receiver that there is a result: ids only, signed as Standard Webhooks says."""

import json
from datetime import datetime
from typing import Any

from core.webhook import Message, send_all
from records.client.wire import Target
from records.workflow import Outcome, Verdict


def tell(
    target: Target,
    event: dict[str, Any],
    *,
    event_id: str,
    at: datetime,
    seconds: float,
) -> Outcome:
    """Send one event; `event_id` is the webhook-id, the same at every try."""
    message = Message(
        url=target.address,
        id=event_id,
        body=json.dumps(event).encode(),
        secrets=target.secret.split(),
    )
    failed = send_all([message], at=at, deadline=seconds)[event_id]
    if failed is None:
        return Outcome(verdict=Verdict.TAKEN)
    verdict = Verdict.REFUSED if failed.permanent else Verdict.PASSING
    return Outcome(
        verdict=verdict, sentence=str(failed), here=verdict is Verdict.PASSING
    )
