"""The second way in: what an open emergency access opens, and everything it does not."""

import re
from datetime import timedelta

import pytest
from django.urls import Resolver404, resolve
from django.utils import timezone

from clinicians.actions.emergencies import end_access
from core.models import AuditEvent, EmergencyAccess
from tests.access.expected import STAFF, Page
from tests.access.folders import IN_EMERGENCIES, open_access
from tests.access.watching import A_LOOK, Visitor, everything, may
from tests.access.world import (
    COLLEAGUE,
    World,
    address,
    arguments,
    foreign,
    of_neighbour,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# All of them are closed to a role that may open records in an emergency; the patient's
# own page is open to it anyway, and shows more.
MARKED = {name for name, page in STAFF.items() if page.emergency} - {"patient"}
FORM = re.compile(r'<form[^>]*\bmethod="post"[^>]*>')
ACTION = re.compile(r'\baction="([^"]*)"')


def closed_to(role) -> dict[str, Page]:
    """The pages that the role alone does not open."""
    return {name: page for name, page in STAFF.items() if not may(role, page)}


def opened(visitor: Visitor, own: World, role, args_of, names) -> set[str]:
    """Which of these pages open; nothing may be written but a look."""
    found = set()
    for name in names:
        url = address(name, args_of(name, own, role), own)
        for method in ("GET", "POST"):
            response = visitor.ask(method, url)
            assert visitor.wrote <= A_LOOK, f"{method} {name}"
            if response.status_code == 200 and method == "GET":
                found.add(name)
            elif response.status_code == 405:
                assert STAFF[name].emergency, f"{method} {name}"
            elif name != "queue" or method == "POST":
                assert response.status_code == 403, f"{method} {name}"
    return found


@pytest.mark.parametrize("role", IN_EMERGENCIES)
def test_it_opens_the_pages_of_its_patient_and_nothing_else(own, role):
    assert {"case", "course", "results"} == MARKED
    closed = closed_to(role)
    visitor = Visitor(own.staff[role])
    open_access(own.folder.patient, own.staff[role], at=timezone.now())
    before = everything()
    assert opened(visitor, own, role, arguments, closed) == MARKED
    assert opened(visitor, own, role, of_neighbour, MARKED) == set()
    assert everything() == before


@pytest.mark.parametrize("role", IN_EMERGENCIES)
def test_nothing_of_anybody_else_comes_with_it(worlds, role):
    """Another patient's sitting under the open record's address, another clinic's."""
    own, other = worlds
    visitor = Visitor(own.staff[role])
    open_access(own.folder.patient, own.staff[role], at=timezone.now())
    for name in MARKED:
        for what, args in foreign(name, own, other, role):
            response = visitor.ask("GET", address(name, args, own))
            assert response.status_code in (403, 404), f"{name}, {what}"
            assert not visitor.wrote, f"{name}, {what}"


@pytest.mark.parametrize("role", IN_EMERGENCIES)
def test_it_is_one_persons_and_ends(own, role):
    """A colleague's, one that is over by the clock, one ended by hand: none opens."""
    user, at = own.staff[role], timezone.now()
    visitor = Visitor(user)
    open_access(own.folder.patient, own.staff[COLLEAGUE[role]], at=at)
    open_access(own.folder.patient, user, at=at - HOUR)
    assert opened(visitor, own, role, arguments, MARKED) == set()
    access = open_access(own.folder.patient, user, at=at)
    case = address("case", arguments("case", own, role), own)
    assert visitor.ask("GET", case).status_code == 200
    end_access(access=access, by=user, at=timezone.now())
    assert opened(visitor, own, role, arguments, MARKED) == set()


@pytest.mark.parametrize("role", IN_EMERGENCIES)
def test_every_look_under_it_says_so_and_no_form_is_offered_that_refuses(own, role):
    visitor = Visitor(own.staff[role])
    access = open_access(own.folder.patient, own.staff[role], at=timezone.now())
    for name in ("patient", *MARKED):
        count = AuditEvent.objects.count()
        answer = visitor.get(address(name, arguments(name, own, role), own))
        assert AuditEvent.objects.count() == count + 1, name
        line = AuditEvent.objects.latest("at")
        assert line.detail["emergency"] == str(access.id), name
        assert refusing(answer.content.decode(), role) == [], name
    assert EmergencyAccess.objects.get(id=access.id).ended_at is None


def refusing(page: str, role) -> list[str]:
    """The forms of a page whose address is closed to this role."""
    found = []
    for form in FORM.findall(page):
        action = ACTION.search(form)
        if action is None:
            found.append(form)
            continue
        try:
            name = resolve(action[1].partition("?")[0]).url_name
        except Resolver404:
            continue
        if name in closed_to(role):
            found.append(name)
    return found
