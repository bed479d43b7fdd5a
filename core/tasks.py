"""Housekeeping that may as well be late."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def tidy_sessions() -> None:
    """Forgets sessions that have run out."""
    call_command("clearsessions")
