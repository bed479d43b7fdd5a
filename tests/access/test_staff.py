"""Every page of staff × every role × one's own and others' objects × every method."""

import re

import pytest
from django.urls import reverse

from clinicians.presenters.times import stored_day
from core.models import Role, User
from core.permissions import ROLES, Permission
from tests.access.expected import STAFF
from tests.access.watching import A_LOOK, Visitor, body, everything, may
from tests.access.world import World, address, arguments, foreign
from tests.cast import make_user

pytestmark = [pytest.mark.thorough, pytest.mark.django_db]
# The second is asked of all; who may not come in is refused before that.
METHODS, BOTH = ("GET", "POST", "PUT"), ("GET", "POST")
WIDEST = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.FRONT_DESK)
# Seen through, refused for what was missing in an empty form, or led on.
ANSWERED = (200, 302, 409, 422)
SHOWN = (200, 409, 422)
HIDDEN = re.compile(r"<head>.*?</head>|<textarea.*?</textarea>|<[^>]*>", re.DOTALL)
# "like 2026-11-25" says how to type one.
ISO = re.compile(r"(?:like )?\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{4}\b")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@pytest.mark.parametrize("role", Role)
def test_page_answers_whom_it_is_for(worlds, role):
    """The right person gets an answer, and a GET leaves nothing but its look.

    A page about a patient names them by two identifiers, not in its title, and the
    look is on record: for a form that comes back with an error just as for the page.
    Urgent cases that are nobody's are counted in header and title.
    """
    own, _ = worlds
    visitor = Visitor(own.staff[role])
    sees_queue = Permission.SEE_QUEUE in ROLES[role]
    wrong = []
    for name, page in STAFF.items():
        if not may(role, page):
            continue
        url = address(name, arguments(name, own, role), own)
        for method in METHODS:
            response = visitor.ask(method, url)
            told = [
                *problems(page, method, response, visitor),
                *patient_problems(page, response, visitor, own.folder),
                *several_problems(page, response, visitor, own),
                *frame_problems(response, sees_queue=sees_queue),
            ]
            wrong += [f"{method} {name}: {problem}" for problem in told]
    assert wrong == []
    # Which patient a page is about stands in its address, never in the session.
    left = str(dict(visitor.session))
    assert str(own.folder.patient.id) not in left
    assert own.folder.patient.family_name not in left


def problems(page, method, response, visitor):
    """What is not as the table has it, for somebody who may."""
    wanted = {"GET": page.get, "POST": ANSWERED}.get(method, ())
    if method not in page.methods.split():
        wanted = (405,)
    if response.status_code not in wanted:
        yield f"answers {response.status_code}, not one of {wanted}"
    # A POST may write, and is undone by the one who watches.
    unasked = set() if 405 not in wanted and method == "POST" else visitor.wrote
    if unasked - A_LOOK:
        yield f"wrote to {unasked - A_LOOK}"
    if "no-store" not in response.get("Cache-Control", ""):
        yield "may be kept by a browser"


def frame_problems(response, *, sees_queue):
    """Whoever sees the queue sees on every page how much urgent work is nobody's."""
    titles = TITLE.findall(body(response)) if response.status_code in SHOWN else []
    if not sees_queue or not titles:
        return
    if not titles[0].startswith("(2) "):
        yield "does not count unowned urgent cases in its title"
    if "2 urgent without an owner" not in body(response):
        yield "does not count unowned urgent cases in its header"


def patient_problems(page, response, visitor, folder):
    """What a page about a patient lacks."""
    if not page.of_patient or response.status_code not in SHOWN:
        return
    if not visitor.looked_at & folder.ids():
        yield "the look is not on the patient's record"
    patient = folder.patient
    if not response["Content-Type"].startswith("text/html"):
        return
    text = body(response)
    head = text.partition('class="patient-header"')[2].partition("</section>")[0]
    number = patient.identifiers.get().value
    if stored_day(patient.birth_date) not in head or number not in head:
        yield "does not say who the patient is"
    seen = HIDDEN.sub(" ", text)
    if dates := [found for found in ISO.findall(seen) if not found.startswith("like")]:
        yield f"has dates in two forms: {dates[:2]}"
    if patient.family_name in TITLE.findall(text)[0]:
        yield "names the patient in the title"


def several_problems(page, response, visitor, own):
    """What a page that shows several records lacks."""
    if not page.several or response.status_code not in SHOWN:
        return
    text = body(response)
    for folder in (own.folder, own.neighbour):
        if not visitor.looked_at & folder.ids():
            yield f"the look at {folder.patient.family_name} is not on record"
        if folder.patient.family_name not in text:
            yield f"does not say that {folder.patient.family_name} is one of them"
        if folder.patient.family_name in TITLE.findall(text)[0]:
            yield "names a patient in the title"


@pytest.mark.parametrize("role", Role)
def test_page_refuses_whom_it_is_not_for(worlds, role):
    own, _ = worlds
    visitor = Visitor(own.staff[role])
    before = everything()
    wrong = []
    for name, page in STAFF.items():
        if may(role, page):
            continue
        # Whoever asks for the address that all know by heart is led to their own page.
        led = name == "queue"
        sentence = f"may not {Permission[page.permission].value}"
        for method in BOTH:
            response = visitor.ask(method, address(name, arguments(name, own), own))
            wanted = 302 if led and method == "GET" else 403
            if response.status_code != wanted or visitor.wrote:
                wrong.append(f"{method} {name}: {response.status_code} {visitor.wrote}")
            elif wanted == 403 and sentence not in body(response):
                wrong.append(f"{method} {name}: does not say why")
    assert wrong == []
    assert everything() == before


@pytest.mark.parametrize("role", Role)
def test_what_is_not_theirs_is_not_found(worlds, role):
    """Each object of an address replaced: not found, never refused or broken.

    One by one for the first of WIDEST who may, all at once for every other role: what a
    view finds is filtered by clinic and patient, and its role is asked before that.
    """
    own, other = worlds
    visitor = Visitor(own.staff[role])
    before = everything()
    wrong = []
    for name, page in STAFF.items():
        if not may(role, page):
            continue
        first = next((one for one in WIDEST if may(one, page)), role)
        ways = foreign(name, own, other, role)
        for what, args in ways if role == first else ways[-1:]:
            for method in page.methods.split():
                response = visitor.ask(method, address(name, args, own))
                if response.status_code != page.missing or visitor.wrote:
                    status = response.status_code
                    wrong.append(f"{method} {name}, {what}: {status} {visitor.wrote}")
    assert wrong == []
    assert everything() == before


def stranger(kind: str, own: World) -> User | None:
    """Somebody who is signed in as nobody of this clinic."""
    if kind == "anonymous":
        return None
    user = own.staff[Role.SUPERVISOR]
    if kind == "of no clinic":
        return make_user(None, Role.SUPERVISOR)
    return user


@pytest.mark.parametrize(
    ("kind", "status", "leads_to"),
    [
        ("anonymous", 302, "account_login"),
        ("without a second factor", 302, "mfa_activate_totp"),
        ("deactivated", 302, "account_login"),
        ("of no clinic", 403, ""),
    ],
)
def test_nobody_else_opens_any_page(worlds, kind, status, leads_to):
    own, _ = worlds
    user = stranger(kind, own)
    visitor = Visitor(user, factor=kind != "without a second factor")
    if kind == "deactivated":
        User.objects.filter(id=own.staff[Role.SUPERVISOR].id).update(is_active=False)
    before = everything()
    wrong = []
    for name in STAFF:
        for method in BOTH:
            response = visitor.ask(method, address(name, arguments(name, own), own))
            # By heart again: led home, where the same person is refused.
            led = kind == "of no clinic" and name == "queue" and method == "GET"
            wanted = 302 if led else status
            if name == "home" and kind == "of no clinic" and method != "GET":
                wanted = 405
            if response.status_code != wanted or visitor.wrote:
                wrong.append(f"{method} {name}: {response.status_code} {visitor.wrote}")
            elif leads_to and not response["Location"].startswith(reverse(leads_to)):
                wrong.append(f"{method} {name}: leads to {response['Location']}")
    assert wrong == []
    assert everything() == before


def test_no_form_is_taken_from_another_site(worlds):
    own, _ = worlds
    visitor = Visitor(own.staff[Role.SUPERVISOR], enforce_csrf_checks=True)
    taken = []
    for name, page in STAFF.items():
        if "POST" in page.methods:
            response = visitor.ask("POST", address(name, arguments(name, own), own))
            if response.status_code != 403 or "open too long" not in body(response):
                taken.append(name)
    assert taken == []
