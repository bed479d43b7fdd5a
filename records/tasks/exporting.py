"""Makes bulk exports: pages of rows, into storage, into the row that says how far."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from records.client import store
from records.definitions import delivery_policy
from records.models import Export
from records.outbox import exports
from records.presenters import exporting
from records.presenters.leaving import our_names

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# What is owed to other systems does not wait for a long export. In seconds.
ROUND = 120.0
# Whoever asks sees it get on, and a worker that dies loses no more than this.
STORED_EVERY = 15.0
GIVEN_UP = "The export broke off too often. Ask for it again, or tell the clinic."


def tick(clock: Clock) -> bool:
    """Clear what is over, and make the next export; returns whether there was one."""
    for over in exports.to_be_cleared(at=clock()):
        _clear(over, clock)
    export = exports.claim_export(at=clock())
    if export is None:
        return False
    try:
        _make(export, clock)
    except Exception:
        # Its lease runs out, and it is gone on with from where it was safe.
        log.exception("export %s broke off", export.id)
    return True


def _clear(export: Export, clock: Clock) -> None:
    """A storage that is away for a while holds up nothing else: it is asked again."""
    try:
        store.remove(export.id)
    except Exception:
        log.exception("export %s could not be cleared", export.id)
        exports.clear_later(export=export, at=clock())
        return
    exports.cleared(export=export, at=clock())


def _make(export: Export, clock: Clock) -> None:
    if export.failures >= exports.MOST_FAILURES:
        exports.fail(export=export, sentence=GIVEN_UP, at=clock())
        return
    if not export.total:
        exports.begin(export=export, total=exporting.total(export))
    making = _Making(export, clock)
    if all(making.go_through(phase) for phase in exporting.phases(export)):
        exports.finish(export=export, at=clock())


class _Making:
    """One worker's turn at one export."""

    def __init__(self, export: Export, clock: Clock) -> None:
        self.export, self.clock = export, clock
        self.writer = store.Writer(export.id, export.claims)
        self.naming = our_names()
        self.order = exporting.phases(export)
        self.began = self.stored = time.monotonic()
        self.more = 0

    def go_through(self, phase: str) -> bool:
        """Go through one kind of row; False if this worker has to stop."""
        at_phase = self.export.cursor.get("phase", self.order[0])
        if self.order.index(at_phase) > self.order.index(phase):
            return True
        after = self.export.cursor.get("after", "") if at_phase == phase else ""
        size, ended = delivery_policy().export_page, False
        while not ended:
            rows = exporting.page(self.export, phase, after=after, size=size)
            ended = len(rows) < size
            self._gather(phase, rows)
            after = exporting.place(phase, rows[-1]) if rows else after
            over = time.monotonic() - self.began > ROUND
            if (ended or over or self._is_time) and not self._keep(phase, after):
                return False
            if over:
                exports.put_down(export=self.export, at=self.clock())
                return False
        return True

    @property
    def _is_time(self) -> bool:
        return self.writer.is_full or time.monotonic() - self.stored > STORED_EVERY

    def _gather(self, phase: str, rows: exporting.Rows) -> None:
        if not rows:
            return
        for made in exporting.lines_of(self.export, phase, rows, self.naming):
            for kind, lines in made.items():
                self.writer.add(kind, lines)
        self.more += len(rows)

    def _keep(self, phase: str, after: str) -> bool:
        """Store what is gathered, then say that it is there."""
        self.writer.store(
            before_each=lambda: exports.hold(export=self.export, at=self.clock())
        )
        kept = exports.keep(
            export=self.export,
            cursor={"phase": phase, "after": after},
            written=self.writer.written,
            more=self.more,
            at=self.clock(),
        )
        self.more, self.stored = 0, time.monotonic()
        return kept
