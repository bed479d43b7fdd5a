"""The table of roles, and the decorator that stands above every page of staff."""

import pytest
from django.http import HttpResponse

from core.models import Role, User
from core.permissions import (
    ROLES,
    SECOND_FACTOR,
    Permission,
    PermissionRefused,
    can,
    check_can,
    staff_view,
)
from tests.core.people import make_clinic


@staff_view(Permission.REVIEW)
def page(request):
    return HttpResponse(request.clinic.name)


def user(role, **fields):
    return User(role=role, clinic_id=fields.pop("clinic_id", "c"), **fields)


def test_every_role_has_a_line_and_every_permission_somebody():
    assert set(ROLES) == set(Role)
    assert frozenset().union(*ROLES.values()) == set(Permission)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_can_says_what_check_can_raises(role, permission):
    person = user(role)
    if can(person, permission):
        check_can(person, permission)
    else:
        with pytest.raises(PermissionRefused, match=permission.value):
            check_can(person, permission)


def test_front_desk_reads_no_case():
    assert not can(user(Role.FRONT_DESK), Permission.SEE_CASES)
    assert can(user(Role.FRONT_DESK), Permission.INVITE)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"clinic_id": None}])
def test_nobody_outside_a_clinic_may_do_anything(fields):
    assert not can(user(Role.SUPERVISOR, **fields), Permission.SEE_QUEUE)


@pytest.mark.django_db
def test_staff_view_opens_for_the_right_person(rf):
    request = rf.get("/")
    request.user = user(Role.CLINICIAN, clinic_id=make_clinic().pk)
    request.session = {SECOND_FACTOR: str(request.user.pk)}
    assert page(request).content == b"North"
    assert getattr(page, "permission", None) is Permission.REVIEW


@pytest.mark.parametrize("factor", [None, "somebody else"])
def test_staff_view_refuses_without_the_second_factor(rf, factor):
    request = rf.get("/")
    request.user = user(Role.CLINICIAN)
    request.session = {SECOND_FACTOR: factor}
    with pytest.raises(PermissionRefused, match="second factor"):
        page(request)


def test_staff_view_refuses_the_wrong_role(rf):
    request = rf.get("/")
    request.user = user(Role.FRONT_DESK)
    request.session = {SECOND_FACTOR: str(request.user.pk)}
    with pytest.raises(PermissionRefused, match="front desk"):
        page(request)
