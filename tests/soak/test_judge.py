"""The judge of the soak bites: each thing that may go wrong is reported, by its row."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

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
    read,
)
from tests.soak.judge import Verdict, judge
from tests.soak.names import GONE

T0 = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
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
    rows = Rows(
        turns=[TurnRow(screening="s", key=KEY, kind="TAP")],
        answers=[
            AnswerRow(
                screening="s", key=KEY, link_id="/44260-8", value=2, declined=False
            )
        ],
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
    post = Posted(
        screening="s",
        key=KEY,
        link_id="/44260-8",
        choice="2",
        words="",
        succeeded=True,
    )
    deliveries = [mailed(one.key) for one in notices]
    return Facts(posted=[post], rows=rows, deliveries=deliveries)


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


def kinds(verdict: Verdict) -> set[str]:
    return {fault.kind for fault in verdict.faults}


def test_nothing_is_found_where_nothing_is_wrong():
    verdict = judge(good())
    assert verdict.faults == []
    assert (verdict.steps, verdict.duplicates, verdict.lost) == (4, 0, 0)


def test_facts_come_back_from_json_as_they_were():
    rows = good().rows

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return value.isoformat() if isinstance(value, datetime) else value

    assert read(Rows, plain(asdict(rows))) == rows


def case_of(facts: Facts) -> EpisodeRow:
    return facts.rows.episodes[0]


BROKEN: dict[str, tuple[str, Callable[[Facts], Facts]]] = {
    "flag gone": ("lost flag", lambda f: with_rows(f, flags=[])),
    "flag of another turn": (
        "lost flag",
        lambda f: with_rows(f, flags=[replace(f.rows.flags[0], key="item-9:0.1.x")]),
    ),
    "committed, client not told, no flag": (
        "lost flag",
        lambda f: replace(with_rows(f, flags=[]), posted=[]),
    ),
    "words not flagged": (
        "lost flag",
        lambda f: replace(
            f, posted=[replace(f.posted[0], choice="", words="I want to die")]
        ),
    ),
    "left without its flag": (
        "lost flag",
        lambda f: with_rows(f, screenings={"s": "EXPIRED"}),
    ),
    "case gone": ("not in the queue", lambda f: with_rows(f, episodes=[])),
    "case closed unseen": (
        "not in the queue",
        lambda f: with_rows(f, episodes=[replace(case_of(f), status="CLOSED")]),
    ),
    "answer gone": ("lost answer", lambda f: with_rows(f, answers=[])),
    "answer twice": (
        "answer stored twice",
        lambda f: with_rows(f, answers=f.rows.answers * 2),
    ),
    "answer another": (
        "answer changed",
        lambda f: replace(f, posted=[replace(f.posted[0], choice="1")]),
    ),
    "step not recorded": (
        "unrecorded step",
        lambda f: with_rows(
            f, notices=[*f.rows.notices, notice(7, "team", key="case:0:team:who2")]
        ),
    ),
    "step never taken": (
        "missing step",
        with_events(*(told(*step) for step in STEPS[:1])),
    ),
    "step long after": (
        "missing step",
        with_events(told(0, "team"), told(99, "on-call")),
    ),
    "step skipped": (
        "wrong step",
        with_events(told(0, "team"), told(30, "supervisor")),
    ),
    "two steps at once": (
        "early step",
        with_events(told(0, "team"), told(1, "on-call")),
    ),
    "step recorded twice": (
        "recorded twice",
        lambda f: with_rows(
            f,
            episodes=[
                replace(case_of(f), events=[*case_of(f).events, told(30, "on-call")])
            ],
        ),
    ),
    "notice recorded twice": (
        "recorded twice",
        lambda f: with_rows(f, notices=[*f.rows.notices, f.rows.notices[0]]),
    ),
    "notice not made": (
        "missing notice",
        lambda f: with_rows(f, told={**f.rows.told, "team": 2}),
    ),
    "notice never settled": (
        "missing notice",
        lambda f: with_rows(
            f, notices=[notice(0, "team", sent=False, owed=True), *f.rows.notices[1:]]
        ),
    ),
    "notice given up": (
        "missing notice",
        lambda f: with_rows(
            f, notices=[notice(0, "team", sent=False, failed=True), *f.rows.notices[1:]]
        ),
    ),
    "notice stopped by nobody": (
        "missing notice",
        lambda f: with_rows(
            f,
            notices=[notice(0, "team", sent=False, stopped=True), *f.rows.notices[1:]],
        ),
    ),
    "said to be sent": (
        "never arrived",
        lambda f: replace(f, deliveries=f.deliveries[1:]),
    ),
    "key that nobody knows": (
        "unknown message",
        lambda f: replace(f, deliveries=[*f.deliveries, mailed("other")]),
    ),
    "no key": (
        "unknown message",
        lambda f: replace(f, deliveries=[*f.deliveries, mailed()]),
    ),
    "one identity, two notices": (
        "unknown message",
        lambda f: replace(
            f,
            deliveries=[
                *f.deliveries,
                replace(f.deliveries[0], keys=f.deliveries[1].keys),
            ],
        ),
    ),
    "health word": (
        "health word",
        lambda f: replace(
            f,
            deliveries=[
                replace(f.deliveries[0], text="PHQ-9 at 14:00"),
                *f.deliveries[1:],
            ],
        ),
    ),
    "name": (
        "health word",
        lambda f: replace(
            f,
            deliveries=[
                replace(f.deliveries[0], text="soakfamily0001"),
                *f.deliveries[1:],
            ],
        ),
    ),
    "reopened too early": (
        "wrongly reopened",
        with_events(
            told(0, "team"),
            EventRow(kind="ACKNOWLEDGED", code="", at=at(10)),
            EventRow(kind="TIMED_OUT", code="", at=at(40)),
            told(40, "owner"),
        ),
    ),
    "reopened after closing": (
        "wrongly reopened",
        with_events(
            told(0, "team"),
            EventRow(kind="CLOSED", code="", at=at(10)),
            EventRow(kind="TIMED_OUT", code="", at=at(40)),
        ),
    ),
    "told while in hand": (
        "wrongly told",
        with_events(
            told(0, "team"),
            EventRow(kind="ACKNOWLEDGED", code="", at=at(10)),
            told(30, "on-call"),
        ),
    ),
    "claim that led nowhere": (
        "missing step",
        with_events(
            told(0, "team"),
            EventRow(kind="ACKNOWLEDGED", code="", at=at(-60)),
        ),
    ),
    "audit chain": ("audit", lambda f: with_rows(f, audit_faults=["broken"])),
    "client in trouble": ("trouble", lambda f: replace(f, trouble=["gave up"])),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_reported(name: str):
    kind, broken = BROKEN[name]
    assert kind in kinds(judge(broken(good())))


def test_second_copy_is_counted_and_is_no_fault():
    facts = good()
    facts = replace(facts, deliveries=[*facts.deliveries, facts.deliveries[0]])
    verdict = judge(facts)
    assert (verdict.duplicates, verdict.faults) == (1, [])


def test_time_that_was_jumped_over_makes_no_step_late():
    changed = with_events(told(0, "team"), told(200, "on-call"))(good())
    facts = with_rows(changed, now=at(201))
    assert "missing step" in kinds(judge(facts))
    assert not judge(replace(facts, jumps=[(at(20), at(199))])).faults


def test_claim_and_its_time_out_are_as_they_should_be():
    changed = with_events(
        told(0, "team"),
        EventRow(kind="ACKNOWLEDGED", code="", at=at(10)),
        EventRow(kind="TIMED_OUT", code="", at=at(70)),
        told(70, "owner"),
    )(good())
    facts = with_rows(changed, told={**changed.rows.told, "owner": 1})
    assert not judge(facts).faults
