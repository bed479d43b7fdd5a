"""A clinic with places that its results go to, and a clock that tests move."""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.models import Clinic, Role, User
from records import definitions, tasks
from records.models import Delivery, Destination
from records.outbox.destinations import Wanted, create_destination
from tests.cast import make_user
from tests.records.rows import AT, make_administration, make_clinic, make_patient

PHQ9 = [1, 2, 0, 3, 1, 0, 0, 2, 0, 1]


@dataclass
class Leaving:
    """What a test of deliveries needs at hand."""

    clinic: Clinic
    ada: User
    now: datetime = AT + timedelta(minutes=1)
    places: list[Destination] = field(default_factory=list)

    def place(self, kind="FHIR", address="", secret="", **more):
        wanted = Wanted(
            kind=Destination.Kind(kind),
            name=more.pop("name", f"Place {len(self.places)}"),
            address=address,
            secret=secret,
            since_at=more.pop("since_at", AT - timedelta(days=1)),
        )
        row = create_destination(
            clinic=self.clinic, wanted=wanted, by=self.ada, at=self.now
        )
        self.places.append(row)
        return row

    def result(self, patient=None, **more):
        patient = patient or make_patient(self.clinic, number="12345")
        return make_administration(self.clinic, PHQ9, patient=patient, **more)

    def run(self, **later):
        """One round, so much later."""
        self.now += timedelta(**later)
        return tasks.tick(lambda: self.now)

    def states(self):
        rows = Delivery.objects.order_by("caused_at", "id")
        return list(rows.values_list("state", flat=True))


def make_leaving() -> Leaving:
    clinic = make_clinic()
    return Leaving(clinic, make_user(clinic, Role.ADMINISTRATOR, "Ada Reed"))


def shorter(monkeypatch, **figures):
    """The policy with some figures changed."""
    policy = dataclasses.replace(definitions.delivery_policy(), **figures)
    for module in (
        "records.tasks.sending",
        "records.outbox.sending",
        "records.outbox.planning",
    ):
        monkeypatch.setattr(f"{module}.delivery_policy", lambda: policy)
    return policy
