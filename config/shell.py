"""The page shell: what the frame of every staff page reads, asked for only there."""

from dataclasses import dataclass
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from clinicians.presenters.shell import Shell, staff_shell
from core.models import User
from core.permissions import has_second_factor
from records.presenters.connections import menu_of
from records.presenters.subscriptions import trouble_banners
from screening import definitions

Frame: TypeAlias = "SimpleLazyObject[Shell]"


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Banner:
    kind: str
    title: str
    text: str
    href: str = ""
    link: str = ""


def shell(request: HttpRequest) -> dict[str, object]:
    """Lazy: a patient's page never looks, so it never asks the database."""
    frame = SimpleLazyObject(lambda: _frame(request))
    return {
        "product_name": settings.PRODUCT_NAME,
        "languages": SimpleLazyObject(_languages),
        "menu": SimpleLazyObject(lambda: _menu(request, frame)),
        "unowned_urgent": SimpleLazyObject(lambda: frame.unowned_urgent),
        "to_confirm": SimpleLazyObject(lambda: frame.to_confirm),
        "reviews_to_do": SimpleLazyObject(lambda: frame.reviews_to_do),
        "open_emergency": SimpleLazyObject(lambda: frame.open_emergency),
        "banners": SimpleLazyObject(lambda: _banners(request, frame)),
        # The frame's own banners tell of it.
        "alarms_stopped": False,
    }


def _frame(request: HttpRequest) -> Shell:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not has_second_factor(request):
        return Shell(nav=())
    return staff_shell(user, path=request.path, at=timezone.now())


def _languages() -> list[dict[str, object]]:
    """Every language of patients' pages, in its own words."""
    now = get_language() or ""
    return [
        {
            "code": one.code,
            "name": one.name,
            "href": f"?l={one.code}",
            "current": one.code.lower() == now.lower(),
        }
        for one in definitions.languages()
    ]


def _menu(request: HttpRequest, frame: Frame) -> list[MenuItem]:
    links = [*frame.nav, *menu_of(_somebody(request, frame), path=request.path)]
    return [MenuItem(link.text, link.href, link.current) for link in links]


def _banners(request: HttpRequest, frame: Frame) -> list[Banner]:
    banners = [*frame.banners, *trouble_banners(_somebody(request, frame))]
    return [
        Banner(banner.kind, "", banner.text, banner.href, banner.link)
        for banner in banners
    ]


def _somebody(request: HttpRequest, frame: Frame) -> User | None:
    """Whoever the frame is laid for; it has no menu for anybody else."""
    user = getattr(request, "user", None)
    return user if frame.nav and isinstance(user, User) else None
