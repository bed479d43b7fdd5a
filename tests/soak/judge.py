"""Says what a soak lost: a pure function of what was collected.

Every check names its rows. An empty verdict means that nothing was lost, hidden,
told twice in the record, or told with a word too many.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.soak.facts import EpisodeRow, Facts, FlagRow, NoticeRow, Posted
from tests.soak.ladder import GRACE, Fault, Story

ITEM_9 = "/44260-8"
HELD = ("ACKNOWLEDGED", "CLOSED")
# A message says how many and by when. None of this has a place in it.
HEALTH = re.compile(
    r"phq|gad-?7|item 9|question|score|suicid|self.harm|death|dead|depress|anxi|crisis"
    r"|kill|matar|flag|symptom|severe|risk",
    re.IGNORECASE,
)
# What a killed loop and a refusing receiver may delay, by the moved clock.
SLACK = timedelta(minutes=45)


@dataclass
class Verdict:
    """What was counted, and every fault with its rows."""

    faults: list[Fault] = field(default_factory=list)
    duplicates: int = 0
    steps: int = 0
    latest: timedelta = timedelta()

    @property
    def lost(self) -> int:
        return len(self.faults)


def judge(facts: Facts, *, slack: timedelta = SLACK) -> Verdict:
    """Hold what clients were told, and what arrived, against the rows."""
    verdict = Verdict()
    for check in (
        _answers_stored,
        _danger_flagged,
        _rows_flagged,
        _left_after_danger,
        _flags_in_queue,
        _notices_made,
        _notices_settled,
        _messages_known,
        _messages_silent,
    ):
        verdict.faults += check(facts)
    verdict.faults += [Fault("trouble", row) for row in facts.trouble]
    verdict.faults += [Fault("audit", row) for row in facts.rows.audit_faults]
    verdict.duplicates = _duplicates(facts)
    _stories(facts, verdict, slack)
    return verdict


def _of_turn(key: str, stored: str) -> bool:
    """A key used for something else first goes on under one made from it."""
    return stored == key or stored.startswith(f"{key}~")


def _name(post: Posted) -> str:
    return f"screening {post.screening} {post.link_id} key {post.key}"


def _answers_stored(facts: Facts) -> Iterator[Fault]:
    """What a client was told was taken is there, once, as it was said."""
    stored = defaultdict(list)
    for answer in facts.rows.answers:
        stored[answer.screening].append(answer)
    for post in facts.posted:
        if not post.succeeded or not post.choice:
            continue
        same = [a for a in stored[post.screening] if _of_turn(post.key, a.key)]
        if not same:
            yield Fault("lost answer", _name(post))
        elif len(same) > 1:
            yield Fault("answer stored twice", _name(post))
        elif (same[0].link_id, _said(same[0].value)) != (post.link_id, post.choice):
            yield Fault("answer changed", _name(post))


def _said(value: int | None) -> str:
    return "declined" if value is None else str(value)


def _danger_flagged(facts: Facts) -> Iterator[Fault]:
    """Danger that a client was told was taken has its flag, of that very turn."""
    flags = _by_screening(facts)
    for post in facts.posted:
        rule = _rule_of(post)
        if not post.succeeded or not rule:
            continue
        if not any(
            flag.rule == rule and _of_turn(f"{rule}:{post.key}", flag.key)
            for flag in flags[post.screening]
        ):
            yield Fault("lost flag", f"{rule} of {_name(post)}")


def _rule_of(post: Posted) -> str:
    if post.words:
        return "crisis-words-urgent"
    if post.link_id != ITEM_9 or post.choice == "0":
        return ""
    return "item-9-declined" if post.choice == "declined" else "item-9"


def _by_screening(facts: Facts) -> dict[str, list[FlagRow]]:
    found = defaultdict(list)
    for flag in facts.rows.flags:
        found[flag.screening].append(flag)
    return found


def _rows_flagged(facts: Facts) -> Iterator[Fault]:
    """Every committed item 9 above zero is flagged, whatever the client was told."""
    keys = {(flag.screening, flag.key) for flag in facts.rows.flags}
    for row in facts.rows.answers:
        key = (row.screening, f"item-9:{row.key}")
        if row.link_id == ITEM_9 and row.value and key not in keys:
            yield Fault("lost flag", f"item-9 of screening {row.screening}")


def _left_after_danger(facts: Facts) -> Iterator[Fault]:
    """Whoever endorsed item 9 and never submitted is flagged for that too."""
    flags = _by_screening(facts)
    for screening, status in facts.rows.screenings.items():
        rules = {flag.rule for flag in flags[screening]}
        left = status in ("EXPIRED", "WITHDRAWN") and "item-9" in rules
        if left and "item-9-then-stopped" not in rules:
            yield Fault("lost flag", f"item-9-then-stopped of screening {screening}")


def _flags_in_queue(facts: Facts) -> Iterator[Fault]:
    """Every flag is on a case that is open, or that people closed after it."""
    episodes = {row.id: row for row in facts.rows.episodes}
    for flag in facts.rows.flags:
        episode = episodes.get(flag.episode)
        if episode is None or not _seen_to(episode, flag):
            yield Fault("not in the queue", f"{flag.key} of screening {flag.screening}")


def _seen_to(episode: EpisodeRow, flag: FlagRow) -> bool:
    if episode.status != "CLOSED":
        return True
    closed = [event.at for event in episode.events if event.kind == "CLOSED"]
    return bool(closed) and max(closed) >= flag.raised_at


def _notices_made(facts: Facts) -> Iterator[Fault]:
    """Each step taken told everybody of that step, once, and is recorded once."""
    rounds: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for notice in facts.rows.notices:
        rounds[notice.episode, notice.step][notice.round] += 1
    keys = Counter(notice.key for notice in facts.rows.notices)
    for key, count in keys.items():
        if count > 1:
            yield Fault("recorded twice", f"notice {key}")
    for episode in facts.rows.episodes:
        taken = [event for event in episode.events if event.kind == "ESCALATED"]
        moments = Counter((event.code, event.at) for event in taken)
        for (step, at), count in moments.items():
            if count > 1:
                yield Fault("recorded twice", f"case {episode.id}: {step} at {at}")
        for step, count in Counter(event.code for event in taken).items():
            yield from _told_all(facts, episode.id, step, count, rounds)


def _told_all(
    facts: Facts,
    episode: str,
    step: str,
    count: int,
    rounds: dict[tuple[str, str], Counter[int]],
) -> Iterator[Fault]:
    told = rounds[episode, step]
    if len(told) < count:
        yield Fault("recorded twice", f"case {episode}: {step}, {count} events")
    if len(told) > count:
        yield Fault("unrecorded step", f"case {episode}: {step}")
    everybody = facts.rows.told.get(step, 1)
    for number, addresses in told.items():
        if addresses != everybody:
            yield Fault("missing notice", f"case {episode}: {step}, round {number}")


def _notices_settled(facts: Facts) -> Iterator[Fault]:
    """A notice said to be sent arrived; one that did not arrive says why."""
    arrived = {key for delivery in facts.deliveries for key in delivery.keys}
    taken = _taken_in_hand(facts)
    for notice in facts.rows.notices:
        if notice.sent and notice.key not in arrived:
            yield Fault("never arrived", f"notice {notice.key}")
        if notice.sent or _excused(notice, facts.rows.gone, taken):
            continue
        yield Fault("missing notice", f"notice {notice.key} to {notice.recipient}")


def _taken_in_hand(facts: Facts) -> dict[str, datetime]:
    """When somebody last took each case."""
    return {
        episode.id: max(event.at for event in episode.events if event.kind in HELD)
        for episode in facts.rows.episodes
        if any(event.kind in HELD for event in episode.events)
    }


def _excused(notice: NoticeRow, gone: str, taken: dict[str, datetime]) -> bool:
    """Not sent, since nobody is there, or since somebody had taken the case."""
    if notice.failed:
        return notice.recipient == gone
    at = taken.get(notice.episode)
    return notice.stopped and at is not None and at >= notice.created_at - GRACE


def _messages_known(facts: Facts) -> Iterator[Fault]:
    """Every message carries the keys that it has in the record; copies the same."""
    keys = {notice.key for notice in facts.rows.notices}
    groups: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for one in facts.deliveries:
        if not one.keys or not one.identity or not keys.issuperset(one.keys):
            yield Fault("unknown message", f"to {one.to}: {one.identity or 'no key'}")
        groups[one.identity].add(tuple(sorted(one.keys)))
    for identity, different in groups.items():
        if len(different) > 1:
            yield Fault("unknown message", f"{identity} stands for different notices")


def _messages_silent(facts: Facts) -> Iterator[Fault]:
    names = [re.escape(secret) for secret in facts.rows.secrets]
    named = re.compile("|".join(names) or r"(?!)", re.IGNORECASE)
    for one in facts.deliveries:
        found = HEALTH.search(one.text) or named.search(one.text)
        if found:
            yield Fault("health word", f"{found[0]!r} in a message to {one.to}")


def _duplicates(facts: Facts) -> int:
    arrived = Counter(key for one in facts.deliveries for key in one.keys)
    return sum(count - 1 for count in arrived.values())


def _stories(facts: Facts, verdict: Verdict, slack: timedelta) -> None:
    on_case = defaultdict(list)
    for flag in facts.rows.flags:
        on_case[flag.episode].append(flag)
    for episode in facts.rows.episodes:
        if episode.id not in on_case:
            verdict.faults.append(Fault("lost flag", f"case {episode.id} has none"))
            continue
        story = Story(
            episode,
            on_case[episode.id],
            facts.rows.rests,
            jumps=facts.jumps,
            end=facts.rows.now,
            slack=slack,
        )
        verdict.faults += story.faults()
        verdict.steps += story.steps
        verdict.latest = max(verdict.latest, story.latest)
