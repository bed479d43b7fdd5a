"""CPU seconds of process trees: steadier than time on a clock when others compute."""

from collections.abc import Callable, Iterable

import psutil


class Meter:
    """Reads user and system time of processes and all that they start or started."""

    def __init__(self, roots: Iterable[int]) -> None:
        self.roots = [psutil.Process(pid) for pid in roots]

    def read(self) -> float:
        """Return the seconds used so far."""
        return sum(_tree(root) for root in self.roots)

    def of(self, work: Callable[[], None]) -> float:
        """Return the seconds used while `work` ran."""
        before = self.read()
        work()
        return self.read() - before


def _tree(root: psutil.Process) -> float:
    members = [root, *root.children(recursive=True)]
    return sum(_one(member) for member in members)


def _one(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:  # its time has gone to its parent's children's
        return 0.0
    own = used.user + used.system
    return float(own + used.children_user + used.children_system)
