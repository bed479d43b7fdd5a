"""`make soak`: runs one soak, prints its table, exits 1 if anything was lost."""

import argparse
import signal
import sys
from types import FrameType

from tests.soak.run import Size, soak
from tests.soak.table import table


def stop(signum: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does: what was started is ended too."""
    raise KeyboardInterrupt


def main() -> int:
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(each, stop)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screenings", type=int, default=200)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--at-once", type=int, default=8, help="patients at a time")
    parser.add_argument("--speed", type=float, default=60, help="of the clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=1200, help="seconds of kills")
    size = Size(**vars(parser.parse_args()), all_tiers=True)
    try:
        result = soak(size)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing was judged.\n")
        return 130
    sys.stdout.write(table(result) + "\n")
    return 1 if result.verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
