"""Facts of a soak in which nothing went wrong, and ways to change one thing in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.soak.facts import (
    AnswerRow,
    Delivery,
    EpisodeRow,
    EventRow,
    Facts,
    FlagRow,
    NoticeRow,
    Posted,
    Rests,
    Rows,
    TurnRow,
)
from tests.soak.names import GONE

T0 = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
NINE = "/44260-8"
KEY = "0.1789.abc"
STEPS = [(0, "team"), (30, "on-call"), (60, "supervisor"), (90, "supervisor")]
NOBODY = "team@clinic.example"


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def told(minutes: int, step: str) -> EventRow:
    return EventRow(kind="ESCALATED", code=step, at=at(minutes))


def notice(number: int, step: str, **fields: Any) -> NoticeRow:
    given = {
        "key": f"case:{number}:{step}:who",
        "episode": "case",
        "round": number,
        "step": step,
        "channel": "EMAIL",
        "recipient": NOBODY,
        "created_at": T0,
        "attempts": 1,
        "sent": True,
        "stopped": False,
        "failed": False,
        "owed": False,
        **fields,
    }
    return NoticeRow(**given)


def mailed(*keys: str, text: str = "1 item needs review by 14:00 EDT") -> Delivery:
    identity = f"<{'+'.join(keys)}>"
    return Delivery(
        channel="EMAIL", to=NOBODY, keys=list(keys), identity=identity, text=text
    )


def good() -> Facts:
    """One patient who endorsed item 9, and a case that went up the whole ladder."""
    notices = [notice(0, step) for _, step in STEPS[:3]] + [notice(1, "supervisor")]
    case = EpisodeRow(
        id="case",
        status="OPEN",
        tier="URGENT",
        opened_at=T0,
        events=[told(*step) for step in STEPS],
    )
    flag = FlagRow(
        screening="s",
        episode="case",
        rule="item-9",
        key=f"item-9:{KEY}",
        tier="URGENT",
        raised_at=T0,
        due_at=at(240),
    )
    rests = Rests(acknowledged=60, in_progress=240, to_confirm=60, step=30, repeat=60)
    answer = AnswerRow(screening="s", key=KEY, link_id=NINE, value=2, declined=False)
    rows = Rows(
        turns=[TurnRow(screening="s", key=KEY, kind="TAP")],
        answers=[answer],
        flags=[flag],
        episodes=[case],
        notices=notices,
        screenings={"s": "COMPLETED"},
        rests={"URGENT": rests},
        told={"team": 1, "on-call": 1, "supervisor": 1},
        gone=GONE,
        secrets=["Soakfamily0001"],
        audit_faults=[],
        now=at(100),
    )
    deliveries = [mailed(one.key) for one in notices]
    return Facts(posted=[_posted()], rows=rows, deliveries=deliveries)


def _posted() -> Posted:
    return Posted(
        screening="s", key=KEY, link_id=NINE, choice="2", words="", succeeded=True
    )


def with_rows(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, rows=replace(facts.rows, **changes))


def with_events(*events: EventRow, **changes: Any) -> Callable[[Facts], Facts]:
    """The case with other events; its notices follow from them."""

    def changed(facts: Facts) -> Facts:
        case = replace(facts.rows.episodes[0], events=list(events), **changes)
        steps = [e.code for e in events if e.kind == "ESCALATED"]
        notices = [notice(n, step) for n, step in enumerate(steps)]
        facts = replace(facts, deliveries=[mailed(one.key) for one in notices])
        return with_rows(facts, episodes=[case], notices=notices)

    return changed


def case_of(facts: Facts) -> EpisodeRow:
    return facts.rows.episodes[0]
