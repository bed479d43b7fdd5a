"""What every client finds: five results behind a live server, and a worker for exports."""

import time

from django.utils import timezone

from records import tasks
from tests.records.rows import make_administration, make_patient

FIVE, EACH = 5, 12
SCOPES = " ".join(
    f"system/{name}.rs" for name in ("Patient", "Observation", "QuestionnaireResponse")
)
PATIENCE = 120.0


def five_results(clinic):
    for number in range(FIVE):
        patient = make_patient(clinic, number=str(number))
        make_administration(clinic, [1, 2, 0, 3, 1, 0, 0, 2, 0, 1], patient=patient)


def work_until(ran):
    """The worker that makes exports, for as long as the client waits for one."""
    ends = time.monotonic() + PATIENCE
    while ran.poll() is None and time.monotonic() < ends:
        tasks.tick(timezone.now)
        time.sleep(0.2)
    if ran.poll() is None:
        ran.kill()
        ran.wait()
