"""What is killed when: drawn once from a seed, and tied to how far the answers are."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.soak.house import House

# What every run has. The web server of the last comes up before its Redis does.
ONCE = ("watch", "watch 2", "worker", "redis emptied", "postgres", "redis and web")
# What a longer run has besides, and how often.
MORE = {
    **{"web": 4, "watch": 3, "watch 2": 3, "worker": 1},
    **{"redis": 1, "redis emptied": 1, "postgres": 1},
    # Started again while there is no database yet.
    **{"postgres and web": 1, "postgres and watch": 1},
}
LONGEST_DOWN = 2.0  # seconds


@dataclass(frozen=True)
class Blow:
    """One kill: after which share of the answers, of whom, and how long it lies."""

    after: float
    victim: str
    down: float


def plan(seed: int, kills: int) -> list[Blow]:
    """The blows of a run in their order; every part is hit at least once."""
    drawing = random.Random(seed)  # noqa: S311 - a plan, no secret
    extra = max(kills - len(ONCE), 0)
    victims = [*ONCE, *drawing.choices(list(MORE), list(MORE.values()), k=extra)]
    drawing.shuffle(victims)
    places = sorted(drawing.uniform(0.02, 0.95) for _ in victims)
    return [
        Blow(after, victim, drawing.uniform(0, LONGEST_DOWN))
        for after, victim in zip(places, victims, strict=True)
    ]


def strike(house: House, blow: Blow) -> None:
    """Kill, leave it down for a while, start it again."""
    parts = blow.victim.split(" and ")
    for part in parts:
        house.kill(part)
    time.sleep(blow.down)
    # Backwards: the web server comes up while Redis is still down.
    for part in reversed(parts):
        house.revive(part)
        if part == "web":
            house.wait_for_web()


def rage(
    house: House, blows: list[Blow], progress: Callable[[], float], *, longest: float
) -> None:
    """Strike each blow when its share of the answers is in."""
    until = time.monotonic() + longest
    for blow in blows:
        while progress() < blow.after and time.monotonic() < until:
            time.sleep(0.05)
        strike(house, blow)
