"""What the frame of every staff page needs: menu, urgent work without owner, alarms."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from config import health
from core.models import User
from core.permissions import Permission, can, has_second_factor
from screening.models import Episode


@dataclass(frozen=True, slots=True)
class NavItem:
    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Banner:
    kind: str
    text: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    nav: list[NavItem] = field(default_factory=list)
    banners: list[Banner] = field(default_factory=list)
    unowned_urgent: int = 0
    unowned_href: str = "/staff/"


_NAV = (
    ("Queue", "/staff/", Permission.SEE_QUEUE),
    ("Patients", "/staff/patients/", Permission.SEE_PATIENTS),
    ("Wordings", "/staff/wordings/", Permission.SIGN_WORDINGS),
    ("Team", "/staff/team/", Permission.MANAGE_STAFF),
)
STOPPED = (
    "Alarms are not being sent: the safety loop is not running. Watch this queue and "
    "tell whoever runs the system."
)


def shell(request: HttpRequest) -> dict[str, object]:
    """Lazy, since it asks the database: a patient's page never looks."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "shell": SimpleLazyObject(lambda: _shell(request)),
    }


def _shell(request: HttpRequest) -> Shell:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not has_second_factor(request):
        return Shell()
    return Shell(
        nav=_nav(user, request.path),
        banners=_banners(),
        unowned_urgent=_unowned(user) if can(user, Permission.SEE_QUEUE) else 0,
    )


def _nav(user: User, path: str) -> list[NavItem]:
    return [
        NavItem(text, href, _leads_to(href, path))
        for text, href, permission in _NAV
        if can(user, permission)
    ]


def _leads_to(href: str, path: str) -> bool:
    return path == href or (href != "/staff/" and path.startswith(href))


def _banners() -> list[Banner]:
    stopped = health.watch_problem(timezone.now())
    return [Banner(kind="urgent", text=STOPPED)] if stopped else []


def _unowned(user: User) -> int:
    episodes = Episode.objects.filter(clinic_id=str(user.clinic_id), tier="URGENT")
    return episodes.filter(owner__isnull=True).exclude(status="CLOSED").count()
