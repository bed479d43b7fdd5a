"""Housekeeping forgets what has run out, and nothing else."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from core.tasks import tidy_sessions
from tests.core.people import AT, make_clinic, make_user


@pytest.mark.django_db
def test_tidy_sessions_forgets_those_that_ran_out():
    later = AT.replace(year=2999)
    Session.objects.create(session_key="old", session_data="", expire_date=AT)
    Session.objects.create(session_key="new", session_data="", expire_date=later)
    user = make_user(make_clinic())
    for key in ("old", "new"):
        UserSession.objects.create(
            user=user, session_key=key, ip="192.0.2.1", created_at=AT
        )
    UserSession.objects.create(user=user, session_key="now", ip="192.0.2.1")
    tidy_sessions()
    assert [row.session_key for row in Session.objects.all()] == ["new"]
    listed = UserSession.objects.order_by("session_key")
    assert [row.session_key for row in listed] == ["new", "now"]
