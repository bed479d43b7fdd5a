"""The receiver of docs/connections.md, as it stands there, takes what we send."""

import json
import re
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.webhook import Message, new_secret, sign
from records.fhir.values import PatientRecord
from records.models import Delivery
from records.presenters import Naming
from records.presenters.leaving import Result, event
from tests.records.fhir.administrations import administration

PAGE = Path(__file__).resolve().parents[3] / "docs" / "connections.md"
AT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)


def example(language: str) -> str:
    text = PAGE.read_text("utf-8")
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    (one,) = found
    return one


def test_body_on_the_page_is_the_one_that_is_sent() -> None:
    shown = json.loads(example("json"))
    result = uuid.UUID(shown["data"]["id"])
    delivery = Delivery(administration_id=result, version=1, caused_at=AT)
    person = PatientRecord(
        id=result,
        active=True,
        family_name="",
        given_name="",
        birth_date="",
        deceased=False,
        died_on="",
        identifiers=(),
        replaces=(),
        replaced_by=None,
        changed_at=AT,
        test_data=True,
    )
    sent = Result(version=1, administration=administration(), record=person)
    assert event(delivery, sent, Naming("https://clinic.example/fhir/R4")) == shown


def test_receiver_on_the_page_takes_ours_and_nothing_else() -> None:
    place: dict[str, Any] = {}
    exec(example("python"), place)  # noqa: S102  our own page
    is_ours = place["is_ours"]
    now, secret, before = int(time.time()), new_secret(), new_secret()

    def headers(at: int, *secrets: str) -> dict[str, str]:
        message = Message(url="", id="one", body=b"{}", secrets=secrets)
        stamp, signed = str(at), sign(message, at=at)
        return {
            "webhook-id": "one",
            "webhook-timestamp": stamp,
            "webhook-signature": signed,
        }

    assert is_ours(secret, headers(now, secret), b"{}")
    assert is_ours(before, headers(now, secret, before), b"{}")
    assert not is_ours(secret, headers(now, before), b"{}")
    assert not is_ours(secret, headers(now, secret), b"{ }")
    assert not is_ours(secret, headers(now - 3600, secret), b"{}")
