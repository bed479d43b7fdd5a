"""What every page's frame needs: the product's name, the menu, whether alarms run."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from config import health
from core.models import User
from core.permissions import Permission, can


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    current: bool


_MENU = (
    ("Queue", "/staff/", Permission.SEE_QUEUE),
    ("Patients", "/staff/patients/", Permission.SEE_PATIENTS),
    ("Wordings", "/staff/wordings/", Permission.SIGN_WORDINGS),
    ("Staff", "/staff/people/", Permission.MANAGE_STAFF),
)


def shell(request: HttpRequest) -> dict[str, object]:
    """Lazy where it asks the database: most pages never look."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "menu": SimpleLazyObject(lambda: menu(request)),
        "alarms_stopped": SimpleLazyObject(lambda: alarms_stopped(request)),
    }


def menu(request: HttpRequest) -> list[MenuItem]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return []
    return [
        MenuItem(label, url, request.path == url)
        for label, url, permission in _MENU
        if can(user, permission)
    ]


def alarms_stopped(request: HttpRequest) -> bool:
    """Staff are told when the loop that sends alarms is not running."""
    user = getattr(request, "user", None)
    if not getattr(user, "is_authenticated", False):
        return False
    return bool(health.watch_problem(timezone.now()))
