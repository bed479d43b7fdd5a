"""A clinic, a patient, and a screening walked to where a test wants it."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.audit import Actor
from core.models import Clinic, Patient
from screening import actions, engine
from screening.domain import dialogue
from screening.engine import Claim, Said, Taken
from screening.language import questions
from screening.models import Episode, Flag, Screening
from screening.models.sitting import Sitting, load
from tests.fakes.model_server import ModelServer

# A Wednesday, 15:00 in New York.
NOW = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
BORN = "1990-01-15"
ITEM_9 = "/44260-8"


@dataclass
class Walk:
    """A patient's way through one screening, at a clock of its own."""

    screening: Screening
    at: datetime = NOW

    @property
    def claim(self) -> Claim:
        return Claim(self.screening.id, self.screening.session_nonce)

    def sitting(self) -> Sitting:
        return load(self.screening.id)

    def key(self, position: int, link_id: str) -> str:
        given = self.sitting().given.get(position, {}).get(link_id)
        return f"{given.seq if given else 0}.{uuid.uuid4().hex[:12]}"

    def say(self, link_id: str, *, position: int = 0, **said: Any) -> Taken:
        if "key" not in said:
            said["key"] = self.key(position, link_id)
        self.at += timedelta(seconds=10)
        return engine.take_turn(
            self.claim, Said(position=position, link_id=link_id, **said), at=self.at
        )

    def tap(self, link_id: str, value: int, *, position: int = 0, **more: Any) -> Taken:
        return self.say(link_id, position=position, value=value, **more)

    def answer_all(self, value: int = 0, **special: int) -> None:
        """Answer what is open; `special` names other values by concept."""
        while step := dialogue.first_open(self.sitting().dialogue()):
            item = self.sitting().item(step.part, step.link_id)
            self.tap(step.link_id, special.get(item.concept, value), position=step.part)

    def submit(self) -> Taken:
        self.at += timedelta(seconds=10)
        return engine.submit(self.claim, at=self.at)

    def flags(self) -> list[str]:
        rows = Flag.objects.filter(screening=self.screening)
        return sorted(rows.values_list("rule", flat=True))

    def episode(self) -> Episode:
        return Episode.objects.get(patient=self.screening.patient)


@pytest.fixture
def clinic(db: None) -> Clinic:
    """A clinic staffed on weekdays from eight to six, New York time."""
    return Clinic.objects.create(
        name="Riverbend Clinic",
        phone="202-555-0100",
        languages=["en", "es-US"],
        staffed_hours={str(day): [["08:00", "18:00"]] for day in range(5)},
        created_at=NOW,
    )


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return Patient.objects.create(
        clinic=clinic,
        family_name="Rivera",
        given_name="Alex",
        birth_date=BORN,
        created_at=NOW,
    )


@pytest.fixture
def invite(patient: Patient) -> Callable[..., actions.Invited]:
    def make(**more: Any) -> actions.Invited:
        given: dict[str, Any] = {
            "patient": patient,
            "battery": ["phq-9", "gad-7"],
            "language": "en",
            "by": Actor.system("test"),
            "at": NOW,
        }
        return actions.invite(**(given | more))

    return make


@pytest.fixture
def walk(invite: Callable[..., actions.Invited]) -> Callable[..., Walk]:
    def begin(**more: Any) -> Walk:
        invited = invite(**more)
        screening = actions.open_invitation(
            invitation_id=invited.invitation.id, given=BORN, at=NOW
        )
        assert screening is not None
        actions.confirm_age(screening=screening, adult=True, at=NOW)
        actions.give_consent(
            screening=screening, version="2026.1", ai_help=False, at=NOW
        )
        screening.refresh_from_db()
        return Walk(screening)

    return begin


@pytest.fixture
def walking(walk: Callable[..., Walk]) -> Walk:
    """A consented screening of PHQ-9 and GAD-7, before its first answer."""
    return walk()


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    """A scripted model that the product is set up to ask."""
    with ModelServer("good") as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.url, "k"
        settings.OPENAI_MODEL, settings.LANGUAGE_ENABLED = "fake", True
        yield server


@pytest.fixture
def no_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep texts that are to reach a model from lying near a worrying example."""
    monkeypatch.setattr("screening.language.neighbours.nearest", lambda text, **_: None)


@pytest.fixture
def helped(
    walk: Callable[..., Walk], clinic: Clinic, no_examples: None
) -> Callable[..., Walk]:
    """A screening whose patient chose help from a model, at a clinic that offers it."""
    Clinic.objects.filter(id=clinic.id).update(ai_enabled=True, wording_policy="gated")

    def begin(**more: Any) -> Walk:
        walking = walk(**more)
        actions.give_consent(
            screening=walking.screening, version="2026.2", ai_help=True, at=NOW
        )
        walking.screening.refresh_from_db()
        return walking

    return begin


@pytest.fixture
def off_the_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reviewed text fits what is asked, so that it is for a model where one may be
    asked. What is refused stays refused."""
    let_nothing_fit(monkeypatch)


def let_nothing_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every question as one that no shipped text answers."""
    real = questions.read

    def read(question: str, language: str) -> questions.Asked:
        return replace(real(question, language), sure=False, known=False)

    monkeypatch.setattr(questions, "read", read)
