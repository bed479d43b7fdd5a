"""Who may do what: one table of roles, one check that explains itself, one decorator."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.models import Clinic, EmergencyAccess, Patient, Role, User, same_person

Parameters = ParamSpec("Parameters")


class Permission(StrEnum):
    SEE_QUEUE = "see the queue"
    SEE_CASES = "read cases"
    REVIEW = "claim and work on cases"
    REOPEN = "reopen a closed case"
    REASSIGN = "take over or hand on a colleague's case"
    SEE_FIGURES = "see the team's figures"
    ENTER_ANSWERS = "enter answers for a patient"
    AMEND = "amend a submitted answer"
    RETRACT = "mark a screening as entered in error"
    RECORD_TREATMENT = "record treatment events"
    SEE_ACCESS_LOG = "see who has looked at a record"
    SEE_PATIENTS = "see the list of patients"
    MERGE_PATIENTS = "merge two records of one patient"
    SET_INACTIVE = "set a record inactive or deceased"
    RESTORE_PATIENTS = "make a record active again"
    EMERGENCY_ACCESS = "open a record in an emergency"
    REVIEW_EMERGENCIES = "look into emergency accesses"
    REGISTER_PATIENTS = "register patients"
    INVITE = "invite patients"
    # Proposing is writing, importing, or having a model propose; signing is retiring
    # and vetoing too. In which of the two roles somebody signs follows from theirs.
    PROPOSE_WORDINGS = "propose wordings"
    SIGN_WORDINGS = "sign wordings"
    MANAGE_STAFF = "manage staff"
    MANAGE_CLINIC = "change the clinic's settings"
    MANAGE_CLIENTS = "manage connections to other systems"
    READ_AUDIT = "read the audit log"


_FRONT_DESK = frozenset(
    {
        Permission.SEE_PATIENTS,
        Permission.REGISTER_PATIENTS,
        Permission.SET_INACTIVE,
        Permission.INVITE,
    }
)
_CLINICIAN = _FRONT_DESK | {
    Permission.SEE_QUEUE,
    Permission.SEE_CASES,
    Permission.REVIEW,
    Permission.ENTER_ANSWERS,
    Permission.AMEND,
    Permission.RETRACT,
    Permission.RECORD_TREATMENT,
    Permission.SEE_ACCESS_LOG,
    Permission.PROPOSE_WORDINGS,
    Permission.SIGN_WORDINGS,
}
_SUPERVISOR = _CLINICIAN | {
    Permission.REOPEN,
    Permission.REASSIGN,
    Permission.MERGE_PATIENTS,
    Permission.RESTORE_PATIENTS,
    Permission.SEE_FIGURES,
    Permission.REVIEW_EMERGENCIES,
    Permission.READ_AUDIT,
}
_REVIEWER = frozenset({Permission.PROPOSE_WORDINGS, Permission.SIGN_WORDINGS})
# An administrator runs the clinic and need not read what patients said.
ROLES: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _FRONT_DESK
    | {
        Permission.SEE_QUEUE,
        Permission.SEE_FIGURES,
        Permission.MERGE_PATIENTS,
        Permission.RESTORE_PATIENTS,
        Permission.EMERGENCY_ACCESS,
        Permission.MANAGE_STAFF,
        Permission.MANAGE_CLINIC,
        Permission.MANAGE_CLIENTS,
        Permission.READ_AUDIT,
        Permission.SEE_ACCESS_LOG,
    },
    Role.CLINICIAN: _CLINICIAN,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.FRONT_DESK: _FRONT_DESK | {Permission.EMERGENCY_ACCESS},
    Role.WORDING_REVIEWER: _REVIEWER,
    Role.LIVED_EXPERIENCE: _REVIEWER,
    # Looks at who did what and how it went, never at what a patient said.
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_FIGURES,
            Permission.REVIEW_EMERGENCIES,
            Permission.READ_AUDIT,
            Permission.SEE_ACCESS_LOG,
        }
    ),
}


class PermissionRefused(PermissionDenied):
    """A sentence that the person who tried may read."""


class StaffRequest(HttpRequest):
    """A request of somebody signed in to a clinic; used in annotations only."""

    user: User
    clinic: Clinic
    # Under which a record is read that the role alone does not open.
    emergency: EmergencyAccess | None


StaffView = Callable[Concatenate[StaffRequest, Parameters], HttpResponse]


def check_can(user: User, permission: Permission) -> None:
    if not user.is_active or user.clinic_id is None:
        raise PermissionRefused("This account belongs to no clinic.")
    if permission not in ROLES[Role(user.role)]:
        role = Role(user.role).label.lower()
        raise PermissionRefused(f"The role “{role}” may not {permission.value}.")


def can(user: User, permission: Permission) -> bool:
    try:
        check_can(user, permission)
    except PermissionRefused:
        return False
    return True


def emergency_of(user: User, record: Mapping[str, Any]) -> EmergencyAccess | None:
    """The emergency access that opens this record to this person now, if any.

    `record`: what the address names, a patient or a case. Whoever reads cases needs
    none; an hour that ran out opens nothing, whoever forgot to end it.
    """
    if can(user, Permission.SEE_CASES) or not can(user, Permission.EMERGENCY_ACCESS):
        return None
    rows = EmergencyAccess.objects.open_at(timezone.now())
    rows = rows.filter(user=user, clinic=user.clinic)
    if "episode_id" in record:
        case = Patient.objects.filter(episodes=record["episode_id"])
        patient_id = case.values_list("id", flat=True).first()
    else:
        patient_id = record["patient_id"]
    if patient_id is None:
        return None
    # All records of one person: a case may stand in one that was merged.
    return rows.filter(patient__in=same_person(patient_id).values("id")).first()


def staff_view(
    permission: Permission, *, emergency: bool = False
) -> Callable[[StaffView[Parameters]], Callable[..., HttpResponse]]:
    """The line above every page for staff: signed in, second factor, permission.

    Signing in and the second factor are the middlewares' work; a page that was
    reached without them is refused here all the same. `emergency`: the page may also be
    read under an emergency access to the record that its address names.
    """

    def decorate(view: StaffView[Parameters]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(
            request: StaffRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            _check_second_factor(request)
            request.emergency = (
                emergency_of(request.user, kwargs) if emergency else None
            )
            if request.emergency is None:
                check_can(request.user, permission)
            clinic = request.user.clinic
            assert clinic is not None  # noqa: S101 - check_can refused otherwise
            request.clinic = clinic
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.emergency = emergency  # type: ignore[attr-defined]
        return guarded

    return decorate


def own_view(view: StaffView[Parameters]) -> Callable[..., HttpResponse]:
    """The line above a page about one's own account: signed in, second factor."""

    @wraps(view)
    def guarded(
        request: StaffRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        _check_second_factor(request)
        if request.user.clinic is None:
            raise PermissionRefused("This account belongs to no clinic.")
        request.clinic, request.emergency = request.user.clinic, None
        return view(request, *args, **kwargs)

    guarded.permission = None  # type: ignore[attr-defined]
    return guarded


# The session remembers for whom a second factor was shown in it.
SECOND_FACTOR = "second_factor"


def has_second_factor(request: HttpRequest) -> bool:
    return request.session.get(SECOND_FACTOR) == str(request.user.pk)


def _check_second_factor(request: HttpRequest) -> None:
    if not has_second_factor(request):
        raise PermissionRefused("Sign in with your second factor first.")


def remember_second_factor(request: HttpRequest, user: User) -> None:
    request.session[SECOND_FACTOR] = str(user.pk)
