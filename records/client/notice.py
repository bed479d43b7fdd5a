"""Tells a subscriber something: one POST to the address that the program gave.

The program chose that address, no administrator did: so it has to be a public one, as
a webhook's has, and the hosts of the clinic's own network that RECORDS_HOSTS allows to
administrators are not open to it.
"""

import json
import ssl
import time
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from core.webhook import AddressRefused, check_address, connection
from records.client.wire import FHIR_JSON
from records.workflow import Outcome, Verdict, verdict_of

# A program is not to learn by it which names there are inside the network.
LOST = "The receiver was not reached at a public address."
LATE = "The receiver did not answer in time."


def notify(
    address: str, bundle: dict[str, Any], *, headers: Sequence[str], ends: float
) -> Outcome:
    """Say it once, by `ends` of time.monotonic. What is answered is not read."""
    try:
        status = _post(address, bundle, headers, ends)
    except AddressRefused:
        return _failed(LOST)
    except ssl.SSLCertVerificationError:
        return _failed("The receiver's certificate is not trusted.")
    except (OSError, HTTPException, ValueError):
        # Whoever drips an answer is cut off, which looks like a broken line.
        late = time.monotonic() >= ends
        return _failed(LATE if late else LOST)
    return _answered(status)


def _post(
    address: str, bundle: dict[str, Any], headers: Sequence[str], ends: float
) -> int:
    parts = check_address(address)
    named = (one.partition(":") for one in headers)
    sent = {
        **{name: value.strip() for name, _, value in named},
        "Host": parts.netloc,
        "Content-Type": FHIR_JSON,
        "User-Agent": "check-in-records/1",
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with connection(parts, ends=ends) as line:
        line.request("POST", path, json.dumps(bundle).encode(), sent)
        return line.getresponse().status


def _failed(sentence: str) -> Outcome:
    return Outcome(verdict=Verdict.PASSING, sentence=sentence, here=True)


def _answered(status: int) -> Outcome:
    """One that does not let us in may do so later: the program can change its header."""
    verdict = verdict_of(status)
    if verdict is Verdict.TAKEN:
        return Outcome(verdict=verdict, status=status)
    sentence = f"The receiver answered {status}."
    if verdict is Verdict.BARRED:
        sentence = f"The receiver does not let us in ({status})."
    elif HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        sentence = f"The receiver answered {status}; no redirect is followed."
    return Outcome(verdict=verdict, sentence=sentence, status=status)
