"""python -m bench [turn|scoring|replay|queue|team …] [--quick]"""

import argparse
import sys
from collections.abc import Callable, Iterator

from bench import export, queue, replay, scoring, team, turn
from bench.figures import Figure, broken
from bench.load import Refused
from bench.place import CommandFailed
from tests.support.servers import ServerDidNotStart

Measure = Callable[..., Iterator[Figure]]
PARTS: dict[str, Measure] = {
    "turn": turn.measure,
    "scoring": scoring.measure,
    "replay": replay.measure,
    "queue": queue.measure,
    "team": team.measure,
    "export": export.measure,
}


def main() -> int:
    """Measure what was asked for; 1 if a limit is broken or a part failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="part")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows")
    options = parser.parse_args()
    figures: list[Figure] = []
    failed: list[str] = []
    for part in options.parts or PARTS:
        try:
            for figure in PARTS[part](quick=options.quick):
                print(figure, flush=True)
                figures.append(figure)
        except (CommandFailed, Refused, ServerDidNotStart) as reason:
            print(f"FAILED  {part}: {reason}", flush=True)
            failed.append(part)
    over = broken(figures)
    print(f"\n{len(figures)} figures, {len(over)} over their limit.")
    if failed:
        print(f"Not measured to the end: {', '.join(failed)}.")
    return 1 if over or failed else 0


if __name__ == "__main__":
    sys.exit(main())
