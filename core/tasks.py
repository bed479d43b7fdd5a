"""Housekeeping that may as well be late."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

GRACE = timedelta(hours=1)


@shared_task
def tidy_sessions() -> None:
    """Forgets sessions that have run out, and from where they were used."""
    call_command("clearsessions")
    stored = Session.objects.values_list("session_key", flat=True)
    # A new one is listed a moment before it is stored.
    old = UserSession.objects.filter(created_at__lt=timezone.now() - GRACE)
    old.exclude(session_key__in=stored).delete()
