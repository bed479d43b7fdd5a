"""A program that subscribes, a receiver on this machine, and a clock that tests move."""

import dataclasses
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.models import Clinic, Role, User
from records import definitions, tasks
from records.models import ApiToken, Notification, Subscription
from screening.models import Administration, Score
from tests.cast import make_user
from tests.records.conftest import make_token, showing
from tests.records.rows import make_administration, make_patient
from tests.support.receiver import Receiver, receiving

BASE = "http://localhost/fhir/R4"
HERE = "/fhir/R4/Subscription"
IG = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition"
CONTENT, FILTER = f"{IG}/backport-payload-content", f"{IG}/backport-filter-criteria"
SCOPES = [
    *("system/Subscription.cruds", "system/QuestionnaireResponse.rs"),
    *("system/Task.rs", "system/Patient.rs"),
]
RESULT, REVIEW = (
    f"{BASE}/SubscriptionTopic/{one}" for one in ("screening-result", "review")
)
PHQ9 = [1, 2, 0, 3, 1, 0, 0, 2, 0, 1]


def wanted(endpoint, *, topic=RESULT, content="id-only", only="", channel=None, **more):
    """What a client sends; None takes a member away."""
    sent = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "New results for the record",
        "criteria": topic,
        "_criteria": {"extension": [{"url": FILTER, "valueString": only}]}
        if only
        else None,
        "channel": {
            "type": "rest-hook",
            "endpoint": endpoint,
            "payload": "application/fhir+json",
            "_payload": {"extension": [{"url": CONTENT, "valueCode": content}]},
            **(channel or {}),
        },
        **more,
    }
    return {name: value for name, value in sent.items() if value is not None}


@dataclass
class Telling:
    """What a test of subscriptions needs at hand."""

    clinic: Clinic
    token: ApiToken
    receiver: Receiver
    ada: User
    later: timedelta = field(default_factory=timedelta)

    @property
    def browser(self):
        return showing(vars(self.token)["secret"])

    @property
    def now(self):
        return timezone.now() + self.later

    def post(self, **more):
        sent = wanted(more.pop("endpoint", self.receiver.url), **more)
        return self.browser.post(HERE, sent, format="json")

    def put(self, known, **changes):
        sent = {**known, **changes}
        return self.browser.put(f"{HERE}/{known['id']}", sent, format="json")

    def get(self, path):
        slash = "" if path.startswith("?") else "/"
        answer = self.browser.get(f"{HERE}{slash}{path}")
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def subscribe(self, **more):
        """Made, greeted and active; returns its row."""
        answer = self.post(**more)
        assert answer.status_code == 201, answer.content
        self.run()
        row = Subscription.objects.get(id=json.loads(answer.content)["id"])
        assert row.status == "active", row.last_error
        return row

    def result(self, patient=None, **more):
        """Finished this very moment."""
        patient = patient or make_patient(self.clinic)
        made = make_administration(self.clinic, PHQ9, patient=patient, **more)
        Administration.objects.filter(id=made.id).update(completed_at=self.now)
        return made

    def amend(self, made):
        Score.objects.filter(pk=made.pk).update(version=2, amended_at=self.now)

    def run(self, **later):
        """One round, so much later."""
        self.later += timedelta(**later)
        return tasks.tick(lambda: self.now)

    @property
    def told(self):
        """The bundles that came, in order."""
        return [json.loads(content) for _, _, content in self.receiver.got]

    def kinds(self):
        return [said(bundle)["type"] for bundle in self.told]

    def states(self):
        rows = Notification.objects.filter(kind="event-notification")
        return list(rows.order_by("number").values_list("state", flat=True))


def said(bundle):
    """The status that comes first in a bundle, by name."""
    found: dict[str, Any] = {}
    for one in bundle["entry"][0]["resource"]["parameter"]:
        if one["name"] == "notification-event":
            parts = {part["name"]: _value(part) for part in one["part"]}
            found.setdefault("events", []).append(parts)
        else:
            found[one["name"]] = _value(one)
    return found


def _value(one):
    value = next(one[name] for name in one if name.startswith("value"))
    return (
        value["reference"]
        if isinstance(value, dict) and "reference" in value
        else value
    )


@contextmanager
def telling(clinic):
    with receiving() as receiver:
        ada = make_user(clinic, Role.ADMINISTRATOR, "Ada Reed")
        yield Telling(clinic, make_token(clinic, SCOPES), receiver, ada)


def shorter(monkeypatch, **figures):
    """The rules of subscriptions with some figures changed."""
    rules = dataclasses.replace(definitions.subscription_rules(), **figures)
    for module in (
        *("records.actions.subscriptions", "records.outbox.notifying"),
        *("records.api.subscribed", "records.presenters.subscribed"),
    ):
        monkeypatch.setattr(f"{module}.subscription_rules", lambda: rules)
