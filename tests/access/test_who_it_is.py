"""Which pages ask once more who is there, and that nothing is done before that."""

import time

import pytest
from django.conf import settings
from django.urls import reverse

from config.sessions import SIGNED_IN_AT
from core.models import Role
from tests.access.expected import STAFF
from tests.access.watching import Visitor, body, may
from tests.access.world import address, arguments

pytestmark = [pytest.mark.thorough, pytest.mark.django_db]
PROVEN = ("act", "POST")
AGES = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 60


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_dangerous_acts_ask_who_it_is_and_no_others(own, role):
    """Whoever signed in a while ago, and was at work since."""
    visitor = Visitor(own.staff[role])
    session = visitor.session
    session[SIGNED_IN_AT] = int(time.time()) - AGES
    session.save()
    wrong, again = [], reverse("account_reauthenticate")
    for name, page in STAFF.items():
        if not may(role, page):
            continue
        url = address(name, arguments(name, own, role), own)
        for method in page.methods.split():
            response = visitor.ask(method, url)
            asked = response.get("Location", "").startswith(again)
            asked = asked or "Is it still you?" in body(response)
            if asked != (page.proof == "look" or (page.proof, method) == PROVEN):
                wrong.append(f"{method} {name}: {'asked' if asked else 'not asked'}")
            if asked and visitor.wrote:
                wrong.append(f"{method} {name}: wrote to {visitor.wrote}")
    assert wrong == []
