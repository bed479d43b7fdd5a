"""Whether this process lives, and whether it may be given work."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from core.models import SystemHeartbeat
from screening.definitions import problems

WATCH = "watch"
LONGEST_SILENCE = timedelta(seconds=60)


@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: a restart would not mend that."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    found = readiness(timezone.now())
    status = HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK
    return JsonResponse({"ready": not found, "problems": found}, status=status)


def readiness(at: datetime) -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        watch = watch_problem(at)
    except DatabaseError:
        return ["The database does not answer."]
    faults = [watch] if watch else []
    if problems():
        faults.append("A definition cannot be used; run manage.py check.")
    return faults


def watch_problem(at: datetime) -> str:
    """Why alarms may not be leaving, or nothing."""
    if not settings.DEAD_MAN:
        return ""
    beat = SystemHeartbeat.objects.filter(name=WATCH).first()
    if beat is None:
        return "The safety loop (manage.py watch) has never run."
    # One from far ahead would never grow old: two clocks differ, or were moved.
    if abs(at - beat.at) > LONGEST_SILENCE:
        return f"The safety loop (manage.py watch) was last seen at {beat.at:%H:%M:%S} UTC."
    return ""
