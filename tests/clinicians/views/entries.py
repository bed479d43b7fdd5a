"""What the tests of entering, asking and amending do at the pages."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Patient, User
from screening.actions import start_entry
from screening.domain import dialogue
from screening.models import Flag, Screening
from screening.models.sitting import load
from tests.cast import signed_in
from tests.support.html import check_html

KEY = re.compile(r'name="(key-\d+-\d+)" value="([^"]+)"')


@dataclass
class Desk:
    """Somebody of the staff, at the pages of one entry."""

    user: User
    screening: Screening
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = signed_in(self.user)

    def url(self, name: str, *more: int) -> str:
        ids = [self.screening.patient_id, self.screening.id, *more]
        return reverse(f"clinicians:{name}", args=ids)

    def see(self, name: str, *more: int) -> str:
        response = self.client.get(self.url(name, *more))
        assert response.status_code == 200, response.status_code
        page: str = response.content.decode()
        check_html(page)
        return page

    def post(self, name: str, *more: int, **data: Any) -> Any:
        return self.client.post(self.url(name, *more), data)

    def onward(self) -> str:
        """Where the entry goes on."""
        response = self.client.get(self.url("entry"))
        assert response.status_code == 302
        return response.headers["Location"]

    def save(self, given: dict[str, Any], **buttons: str) -> Any:
        """Fill in the whole form as it stands, `answer-0-1` to a value, and save."""
        keys = dict(KEY.findall(self.see("entry-form")))
        return self.post("entry-form", **keys, **given, **buttons)

    def say(self, part: int, number: int, value: str) -> Any:
        """Answer one question on its own page."""
        keys = dict(KEY.findall(self.see("entry-item", part + 1, number)))
        answer = {f"answer-{part}-{number}": value}
        return self.post("entry-item", part + 1, number, **keys, **answer)

    def flags(self) -> list[str]:
        rows = Flag.objects.filter(screening=self.screening)
        return sorted(rows.values_list("rule", flat=True))

    def fill(self, value: str = "0") -> None:
        """Answer whatever is open, in the order of the form."""
        while step := dialogue.first_open(load(self.screening.id).dialogue()):
            number = load(self.screening.id).item(step.part, step.link_id).number
            self.say(step.part, number, value)


def begun(
    user: User, patient: Patient, *battery: str, mode: str = "PAPER", **more: Any
) -> Desk:
    """Begin an entry, and sit down at it."""
    at = timezone.now()
    given: dict[str, Any] = {
        "battery": list(battery) or ["phq-9"],
        "language": "en",
        "mode": mode,
        "answered_at": at - timedelta(seconds=1),
        **more,
    }
    return Desk(user, start_entry(patient=patient, by=user, at=at, **given))
