"""Makes bulk exports: a page of rows, onto the disk, into the row that says how far."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from records.client import store
from records.definitions import delivery_policy
from records.models import Export
from records.outbox import exports
from records.presenters import exporting
from records.presenters.leaving import our_names
from records.presenters.naming import Naming

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# What is owed to other systems does not wait for a long export. In seconds.
ROUND = 120.0
GIVEN_UP = "The export broke off too often. Ask for it again, or tell the clinic."


def tick(clock: Clock) -> bool:
    """Clear what is over, and make the next export; returns whether there was one."""
    for over in exports.to_be_cleared(at=clock()):
        store.remove(over.id)
        exports.cleared(export=over, at=clock())
    export = exports.claim_export(at=clock())
    if export is None:
        return False
    try:
        _make(export, clock)
    except Exception:
        # Its lease runs out, and it is gone on with from where it was safe.
        log.exception("export %s broke off", export.id)
    return True


def _make(export: Export, clock: Clock) -> None:
    if export.failures >= exports.MOST_FAILURES:
        exports.fail(export=export, sentence=GIVEN_UP, at=clock())
        return
    if not export.total:
        exports.begin(export=export, total=exporting.total(export))
    ends = time.monotonic() + ROUND
    with store.Writer(export.id, export.claims) as writer:
        for phase in exporting.phases(export):
            if not _phase(export, phase, writer, clock, ends):
                return
    exports.finish(export=export, at=clock())


def _phase(
    export: Export, phase: str, writer: store.Writer, clock: Clock, ends: float
) -> bool:
    """Go through one kind of row; False if this worker has to stop."""
    order = exporting.phases(export)
    at_phase = export.cursor.get("phase", order[0])
    if order.index(at_phase) > order.index(phase):
        return True
    after = export.cursor.get("after", "") if at_phase == phase else ""
    size, naming = delivery_policy().export_page, our_names()
    while rows := exporting.page(export, phase, after=after, size=size):
        _write(export, phase, rows, writer, naming)
        after = str(rows[-1].id)
        kept = exports.keep(
            export=export,
            cursor={"phase": phase, "after": after},
            written=writer.written,
            more=len(rows),
            at=clock(),
        )
        if not kept:
            return False
        if time.monotonic() > ends:
            exports.put_down(export=export, at=clock())
            return False
    return True


def _write(
    export: Export,
    phase: str,
    rows: Sequence[Any],
    writer: store.Writer,
    naming: Naming,
) -> None:
    for made in exporting.lines_of(export, phase, rows, naming):
        for kind, lines in made.items():
            writer.add(kind, lines)
    writer.make_safe()
