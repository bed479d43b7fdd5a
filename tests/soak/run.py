"""One soak from start to verdict: patients answer, parts die, time runs, all is counted."""

import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from tests.soak import chaos
from tests.soak.facts import Facts, Rows, read
from tests.soak.house import House
from tests.soak.judge import SLACK, Verdict, judge
from tests.soak.names import GONE
from tests.soak.patients import Invited, Ledger, Patient, kind_of
from tests.soak.receivers import HOST, Taken, receiving

POSTS = 17  # that a patient makes to questions, more or less
# Rounds of the loops without one thing less to do, before something is stuck; what
# failed once waits a quarter of an hour by the moved clock.
ROUNDS = 200
NO_ROUND = 120.0  # seconds
OWED = """
SELECT (SELECT count(*) FROM clinicians_notice WHERE next_at IS NOT NULL)
     + (SELECT count(*) FROM screening_episode
        WHERE status <> 'CLOSED' AND next_notice_at <= %s)
"""
BEAT = """
SELECT COALESCE((SELECT (extract(epoch FROM at) * 1000000)::bigint
                 FROM core_systemheartbeat WHERE name = %s), 0)
"""
BELOW_TOP = """
SELECT count(*) FROM screening_episode
WHERE status <> 'CLOSED' AND (status <> 'OPEN' OR ladder_step < 4) AND tier_rank <= %s
"""
URGENT, ANY = 0, 9
HEARTBEAT = "watch"
# After the last answer: past the answer window, then step by step until the urgent
# cases are at the top, then day by day until all are.
WINDOW = timedelta(hours=73)
STEP, STEPS = timedelta(minutes=31), 16
DAY, DAYS = timedelta(hours=25), 8


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a soak is."""

    screenings: int
    kills: int
    at_once: int
    speed: float
    seed: int
    all_tiers: bool
    longest: float  # seconds until what is left of the blows falls at once


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run gave, for its table."""

    size: Size
    facts: Facts
    verdict: Verdict
    ledger: Ledger
    taken: Taken
    kills: dict[str, int]
    seconds: float


def soak(size: Size) -> Result:
    """Run one soak. Everything that it started is gone afterwards."""
    began = time.monotonic()
    ledger = Ledger()
    with (
        receiving(size.seed, gone=GONE) as (taken, mail_port, hook_port),
        House(mail_port=mail_port, speed=size.speed) as house,
    ):
        hooks = f"http://{HOST}:{hook_port}"
        invited = house.load("-m", "tests.soak.seed", str(size.screenings), hooks)
        house.start()
        _answer(house, invited, size, ledger)
        taken.calm = True
        ledger.trouble += _let_it_climb(house, size) + house.deadlocks()
        rows = read(Rows, house.load("-m", "tests.soak.collect"))
        facts = Facts(
            posted=ledger.posted,
            rows=rows,
            deliveries=taken.deliveries,
            jumps=house.hand.jumps,
            trouble=ledger.trouble,
        )
        kills, slack = dict(house.kills), _slack(house)
    return Result(
        size=size,
        facts=facts,
        verdict=judge(facts, slack=slack),
        ledger=ledger,
        taken=taken,
        kills=kills,
        seconds=time.monotonic() - began,
    )


def _answer(house: House, invited: list[Invited], size: Size, ledger: Ledger) -> None:
    """Patients answer, so many at once, while parts are killed beside them."""
    patients = [
        Patient(
            one,
            kind_of(number, len(invited)),
            port=house.port,
            seed=size.seed,
            ledger=ledger,
        )
        for number, one in enumerate(invited)
    ]

    def progress() -> float:
        return len(ledger.posted) / (len(patients) * POSTS)

    pool = ThreadPoolExecutor(max_workers=size.at_once)
    try:
        sittings: list[Future[None]] = [pool.submit(one.sit) for one in patients]
        blows = chaos.plan(size.seed, size.kills)
        chaos.rage(house, blows, progress, longest=size.longest)
        for sitting in sittings:
            sitting.result()
    finally:
        # Whoever ended the soak does not wait for 200 patients.
        ledger.over.set()
        pool.shutdown(cancel_futures=True)
    ledger.trouble += [f"{name} ended by itself" for name in house.look_after()]
    house.children["staff"].sweep()
    del house.children["staff"]


def _let_it_climb(house: House, size: Size) -> list[str]:
    """Move the clock on until every case that nobody closed is at the top."""
    trouble = _settle(house)
    for ahead, most, tiers in (
        (WINDOW, 1, None),
        (STEP, STEPS, URGENT),
        (DAY, DAYS if size.all_tiers else 0, ANY),
    ):
        for _ in range(most):
            if tiers is not None and not house.ask(BELOW_TOP, tiers):
                break
            house.hand.jump(ahead)
            trouble += _settle(house)
    left = house.ask(BELOW_TOP, ANY if size.all_tiers else URGENT)
    return [*trouble, *([f"{left} cases are not at the top"] if left else [])]


def _settle(house: House) -> list[str]:
    """Wait until nothing is due; how long that may take, the loops' own rounds say."""
    fewest, rounds, seen = sys.maxsize, 0, -1
    moved = time.monotonic()
    while left := house.ask(OWED, house.hand.now()):
        beat = house.ask(BEAT, HEARTBEAT)
        if beat != seen or left < fewest:
            moved = time.monotonic()
        rounds = 0 if left < fewest else rounds + (beat != seen)
        fewest, seen = min(left, fewest), beat
        if rounds > ROUNDS or time.monotonic() > moved + NO_ROUND:
            return [f"{left} rows stay due at {house.hand.now()}"]
        time.sleep(0.1)
    return []


def _slack(house: House) -> timedelta:
    """What a killed loop may delay: it is back no sooner than this machine starts it."""
    return max(SLACK, 3 * timedelta(seconds=house.slowest_start * house.hand.speed))
