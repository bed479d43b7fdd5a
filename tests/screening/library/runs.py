"""How the tests start a run, and read what became of it."""

from django.utils import timezone

from screening import actions
from screening.models import WordingRun
from tests.cast import Cast

ENERGY = actions.Wanted("/44254-1", "energy", "plain")
SLEEP = actions.Wanted("/44259-0", "sleep", "plain")


def start(cast: Cast, *wanted: actions.Wanted) -> WordingRun:
    return start_with(cast, *(wanted or (ENERGY,)))


def start_with(cast: Cast, *wanted: actions.Wanted) -> WordingRun:
    return actions.start_run(
        clinic=cast.clinic,
        instrument_id="phq-9",
        language="en",
        wanted=wanted,
        by=cast.alice,
        at=timezone.now(),
    )


def outcomes(run: WordingRun) -> list[str]:
    return [row.outcome for row in run.work.all()]
