"""What a case's events should have been, told anew from the rules in plain words.

A slow second opinion on the ladder: from the flags, the policy's minutes and what
people did it says when the system owed its next move, and compares that with what
is recorded. It shares no code with the product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.soak.facts import EpisodeRow, EventRow, FlagRow, Rests

TOP = "supervisor"
RANKS = ("URGENT", "HIGH", "ROUTINE", "CONCERN")
BACK = ("TIMED_OUT", "FLAG_JOINED", "AWAKE")
TOLD = ("ESCALATED", "NOBODY_TO_TELL")
# Who may be told after whom; a climb begins with the owner, if there is one.
NEXT = {
    "": ("owner", "team"),
    "owner": ("team",),
    "team": ("on-call",),
    "on-call": (TOP,),
    TOP: (TOP,),
}
# Not moves of the ladder: they change nothing about when the next one is due.
BESIDE = ("NOTICE_FAILED",)
# A moment is read before its row is locked and committed, so that two of them may
# be committed the other way round.
GRACE = timedelta(minutes=3)

Jumps = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a case: early, missing or without need."""

    kind: str
    row: str


@dataclass
class Due:
    """When the system owes its next move, in what state, and since when."""

    at: datetime
    since: datetime
    resting: str = ""


def running(start: datetime, end: datetime, jumps: Jumps) -> timedelta:
    """How long the clock really ran between two moments."""
    skipped = timedelta()
    for before, after in jumps:
        skipped += max(min(end, after) - max(start, before), timedelta())
    return end - start - skipped


class Story:
    """One case walked through from its opening to the end of the run."""

    def __init__(
        self,
        episode: EpisodeRow,
        flags: Sequence[FlagRow],
        rests: dict[str, Rests],
        *,
        jumps: Jumps,
        end: datetime,
        slack: timedelta,
    ) -> None:
        self.episode = episode
        self.flags = sorted(flags, key=lambda flag: flag.raised_at)
        self.rests = rests
        self.jumps = jumps
        self.end = end
        self.slack = slack
        self.steps = 0
        self.latest = timedelta()
        self._told = ""  # the step that was told last, in this climb

    def faults(self) -> Iterator[Fault]:
        """Walk; every step that came too early, never came, or came for nothing."""
        due: Due | None = self._opened()
        for event in self._in_order():
            due = self._raised(due, event.at)
            yield from self._meet(due, event)
            due = self._after(due, event)
        due = self._raised(due, self.end)
        if due is not None and self._late(due.at, self.end) > self.slack:
            yield Fault("missing step", f"{self._name()}: due {due.at}, never came")

    def _in_order(self) -> list[EventRow]:
        """In the order of time; of one moment, it is reopened before it is told."""
        moves = [one for one in self.episode.events if one.kind not in BESIDE]
        return sorted(moves, key=lambda one: (one.at, one.kind == "ESCALATED"))

    def _opened(self) -> Due:
        at = self.episode.opened_at
        urgent = self._tier(at) == "URGENT"
        return Due(at if urgent else self._due_at(at), since=at)

    def _known(self, at: datetime) -> list[FlagRow]:
        return [flag for flag in self.flags if flag.raised_at <= at] or self.flags[:1]

    def _tier(self, at: datetime) -> str:
        return min((flag.tier for flag in self._known(at)), key=RANKS.index)

    def _due_at(self, at: datetime) -> datetime:
        return min(flag.due_at for flag in self._known(at))

    def _raised(self, due: Due | None, until: datetime) -> Due | None:
        """An urgent flag, or one that raises the tier, is told at once."""
        if due is None:
            return None
        for flag in self._joined(due.since, until):
            lower = self._tier(flag.raised_at - timedelta(microseconds=1))
            rises = RANKS.index(flag.tier) < RANKS.index(lower)
            if flag.tier == "URGENT" or rises or due.resting == "to_confirm":
                due = Due(min(due.at, flag.raised_at), due.since, due.resting)
        return due

    def _mixed(self, due: Due) -> bool:
        """Flags of two tiers opened it in one moment: the later may have raised it,
        and then it is told at once."""
        opened = self.episode.opened_at
        tiers = {flag.tier for flag in self.flags if flag.raised_at == opened}
        return due.since == opened and len(tiers) > 1

    def _joined(self, after: datetime, until: datetime) -> list[FlagRow]:
        return [flag for flag in self.flags if after < flag.raised_at <= until]

    def _meet(self, due: Due | None, event: EventRow) -> Iterator[Fault]:
        """Hold what happened against what was due."""
        system = event.kind in (*BACK, *TOLD)
        what = f"{self._name()}: {event.kind} {event.code} {event.at}"
        if due is None:
            if system:
                yield Fault("wrongly reopened", f"{what}, after its end")
            return
        late = self._late(due.at, event.at)
        if late > self.slack:
            yield Fault("missing step", f"{what}, due {due.at}")
        if system:
            self.steps += event.kind == "ESCALATED"
            self.latest = max(self.latest, late)
            yield from self._meet_system(due, event, what)

    def _meet_system(self, due: Due, event: EventRow, what: str) -> Iterator[Fault]:
        """Hold a move of the system's own against what allows it."""
        if due.resting and event.kind in TOLD:
            if event.at - due.since > GRACE:
                yield Fault("wrongly told", f"{what}, in hand")
            return
        if self._joined(max(due.since - GRACE, self.episode.opened_at), event.at):
            self._told = ""  # a flag that joined may hurry it, and begins anew
            return
        if event.at < due.at and not self._mixed(due):
            wrong = "wrongly reopened" if event.kind in BACK else "early step"
            yield Fault(wrong, f"{what}, due {due.at}")
        if event.kind == "ESCALATED" and event.code not in NEXT[self._told]:
            yield Fault("wrong step", f"{what} after {self._told or 'none'}")

    def _late(self, due: datetime, at: datetime) -> timedelta:
        return running(due, at, self.jumps) if at > due else timedelta()

    def _after(self, due: Due | None, event: EventRow) -> Due | None:
        rests = self.rests[self._tier(event.at)]
        if due is None or event.kind == "CLOSED":
            return None
        if event.kind in BACK:
            self._told = ""
            return Due(event.at, event.at)
        if event.kind in TOLD:
            if due.resting:  # told a moment before somebody took it
                return due
            again = event.code == TOP == self._told
            self._told = event.code
            wait = rests.repeat if again else rests.step
            return Due(event.at + timedelta(minutes=wait), event.at)
        waits = {
            "ACKNOWLEDGED": ("acknowledged", rests.acknowledged),
            "CONTACT": ("in_progress", rests.in_progress),
            "NOTE": ("in_progress", rests.in_progress),
            "CLOSE_PROPOSED": ("to_confirm", rests.to_confirm),
        }
        if event.kind not in waits:
            return due
        state, minutes = waits[event.kind]
        return Due(self._rest(event.at, minutes), event.at, state)

    def _rest(self, at: datetime, minutes: int) -> datetime:
        """The due time counts too, if it is still ahead."""
        rest, due_at = at + timedelta(minutes=minutes), self._due_at(at)
        return min(rest, due_at) if due_at > at else rest

    def _name(self) -> str:
        return f"case {self.episode.id} ({self.episode.tier})"
