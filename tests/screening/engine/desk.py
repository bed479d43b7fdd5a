"""A member of staff with a form, in the tests of entering."""

import uuid
from dataclasses import dataclass

from core.models import User
from screening import engine
from screening.domain import dialogue
from screening.engine import Entering, Said, Taken
from screening.models import Flag, Screening
from screening.models.sitting import load
from tests.screening.conftest import NOW


@dataclass
class Desk:
    """A member of staff with a form."""

    screening: Screening
    user: User
    at = NOW

    @property
    def seat(self) -> Entering:
        return Entering(self.screening.id, self.user)

    def _said(self, link_id: str, position: int, **said) -> Said:
        answer = load(self.screening.id).given.get(position, {}).get(link_id)
        said.setdefault("key", f"{answer.seq if answer else 0}.{uuid.uuid4().hex}")
        return Said(position=position, link_id=link_id, **said)

    def enter(self, link_id: str, value: int | None, position=0, **said) -> Taken:
        more = {"declined": True} if value is None else {"value": value}
        made = self._said(link_id, position, **more, **said)
        return engine.enter(self.seat, made, at=self.at)

    def blank(self, link_id: str, position: int = 0, **said) -> Taken:
        made = self._said(link_id, position, **said)
        return engine.leave_blank(self.seat, made, at=self.at)

    def enter_all(self, answers: dict[int, dict[str, int | None]]) -> None:
        for position, given_here in answers.items():
            for link_id, value in given_here.items():
                self.enter(link_id, value, position)

    def fill(self, value: int = 0) -> None:
        while step := dialogue.first_open(load(self.screening.id).dialogue()):
            self.enter(step.link_id, value, step.part)

    def submit(self) -> Taken:
        return engine.submit(self.seat, at=self.at)

    def flags(self) -> list[str]:
        rows = Flag.objects.filter(screening=self.screening)
        return sorted(rows.values_list("rule", flat=True))
