"""Housekeeping forgets what has run out, and nothing else."""

import pytest
from django.contrib.sessions.models import Session

from core.tasks import tidy_sessions
from tests.core.people import AT


@pytest.mark.django_db
def test_tidy_sessions_forgets_those_that_ran_out():
    later = AT.replace(year=2999)
    Session.objects.create(session_key="old", session_data="", expire_date=AT)
    Session.objects.create(session_key="new", session_data="", expire_date=later)
    tidy_sessions()
    assert [row.session_key for row in Session.objects.all()] == ["new"]
