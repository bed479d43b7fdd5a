"""The judge of the soak bites: each thing that may go wrong is reported, by its row."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import pytest

from tests.soak.facts import EventRow, Facts, Rows, read
from tests.soak.judge import Verdict, judge
from tests.soak.made import (
    STEPS,
    at,
    case_of,
    good,
    mailed,
    notice,
    told,
    with_events,
    with_rows,
)


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


def test_case_that_two_tiers_opened_at_once_may_be_told_at_once():
    facts = with_events(told(1, "team"), tier="HIGH")(good())
    high = replace(facts.rows.flags[0], tier="HIGH", rule="phq-9-severe")
    cut = replace(high, tier="ROUTINE", key="phq-9-cut")
    rests = {"HIGH": facts.rows.rests["URGENT"], "ROUTINE": facts.rows.rests["URGENT"]}
    facts = replace(with_rows(facts, rests=rests, answers=[], now=at(20)), posted=[])
    alone = with_rows(facts, flags=[high])
    assert kinds(judge(alone)) == {"early step"}
    assert not judge(with_rows(facts, flags=[cut, high])).faults
