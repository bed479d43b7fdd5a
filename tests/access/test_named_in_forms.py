"""Objects that a form or a query names: another clinic's are as if they were not."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from core.models import AuditEvent, Role
from tests.access.watching import A_LOOK, Visitor, everything
from tests.access.world import World

pytestmark = pytest.mark.django_db
REFUSED = (302, 404, 409, 422)
TIMES = {"starts_at": "2027-01-04T08:00", "ends_at": "2027-01-08T18:00"}


def stored() -> dict[str, list[Any]]:
    """All but the log: a form that comes back is a look at one's own case."""
    return {name: rows for name, rows in everything().items() if name not in A_LOOK}


Forms = dict[str, tuple[str, dict[str, str]]]


def of_cases(own: World, other: World) -> Forms:
    """What is sent where; each is whole but for one thing that is not this clinic's."""
    case, theirs = own.folder.case, other.folder.case
    me, them = own.staff[Role.SUPERVISOR], other.colleague
    hand_over = reverse("clinicians:hand-over", args=[case.id])
    absences = reverse("clinicians:absences")
    several = reverse("clinicians:several")
    wording = f"{other.wording.key}@{other.wording.checksum}"
    return {
        "a case of several": (several, {"kind": "CLAIM", "case": f"{theirs.id}:1"}),
        "who gets a case": (hand_over, {"to": str(them.id), "reason": "x"}),
        "who gets a shift": (
            reverse("clinicians:hand-over-shift"),
            {"to": str(them.id), "reason": "x"},
        ),
        "who is away": (
            absences,
            {"user": str(them.id), "cover": str(me.id), **TIMES},
        ),
        "who covers": (absences, {"user": str(me.id), "cover": str(them.id), **TIMES}),
        "a wording to sign": (
            reverse("clinicians:sign-wordings"),
            {"wording": wording, "confirmed": "yes"},
        ),
    }


def of_patients(own: World, other: World) -> Forms:
    """The same for what names patients."""
    look, send = reverse("clinicians:invite-look"), reverse("clinicians:invite-send")
    find_other = reverse("clinicians:find-other", args=[own.folder.patient.id])
    theirs = other.folder
    asked = {
        "patient": str(theirs.patient.id),
        "battery": "phq-9",
        "language": "own",
    }
    again = {"again": "1", "screening": str(theirs.invitation.screening_id)}
    batch = {"batch": str(uuid.uuid4())}
    number = {"number": theirs.patient.identifiers.get().value}
    return {
        "who is invited": (look, asked),
        "who is invited at last": (send, {**asked, **batch}),
        "what is asked again": (look, again),
        "what is asked again at last": (send, {**again, **batch}),
        "a record to merge with": (find_other, number),
        "whose lines of the log": (reverse("clinicians:audit"), number),
    }


def test_nothing_of_another_clinic_is_acted_on(worlds):
    own, other = worlds
    visitor = Visitor(own.staff[Role.SUPERVISOR])
    before = stored()
    theirs = AuditEvent.objects.filter(chain=f"clinic:{other.clinic.id}").count()
    forms = of_cases(own, other) | of_patients(own, other)
    wrong = []
    for what, (address, data) in forms.items():
        response = visitor.post(address, data)
        if response.status_code not in REFUSED:
            wrong.append(f"{what}: {response.status_code}")
    assert wrong == []
    assert stored() == before
    chain = AuditEvent.objects.filter(chain=f"clinic:{other.clinic.id}")
    assert chain.count() == theirs


def test_nothing_of_another_clinic_is_shown(worlds):
    own, other = worlds
    visitor = Visitor(own.staff[Role.SUPERVISOR])
    theirs = other.folder.patient
    number = theirs.identifiers.get().value
    for query in (
        f"staff/?done={other.act.id}",
        f"staff/?owner={other.colleague.id}",
        f"staff/?after=0~2026-01-01T00:00:00%2B00:00~9~{other.folder.case.id}",
        f"staff/patients/?number={number}",
        f"staff/patients/?after={theirs.id}",
        f"staff/patients/duplicates/?after={theirs.id}",
        f"staff/patients/invite/?patient={theirs.id}",
        f"staff/audit/?person={other.colleague.id}",
        f"staff/audit/?patient={theirs.id}",
        f"staff/several/?kind=CLAIM&case={other.folder.case.id}:1",
    ):
        page = visitor.get(f"/{query}").content.decode()
        assert theirs.family_name not in page, query
        assert str(theirs.id) not in page, query
        assert "Undo" not in page, query
