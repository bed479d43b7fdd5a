"""A session that is left lying: after how long its page ends it, and where that leads."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from screening import definitions


@dataclass(frozen=True, slots=True)
class Watch:
    """After how many seconds at rest a page ends the session, how long before that it
    warns, and where it leads then."""

    idle: int
    warning: int
    end: str
    on_device: bool


def watch(request: HttpRequest, device: str, language: str | None) -> None:
    """Have the page end a session that is left lying: for good on a device of the
    clinic, and on anybody's own so that nobody else reads on."""
    idle, _, warning = device.partition(":")
    if device:
        found = Watch(int(idle), int(warning), goodbye(language), on_device=True)
    else:
        policy, end = definitions.rest(), _spoken("rested", language)
        found = Watch(policy.idle, policy.warning, end, on_device=False)
    request.watch = found  # type: ignore[attr-defined]


def goodbye(language: str | None) -> str:
    """Where a device of the clinic goes in the end."""
    return _spoken("handed-back", language)


def _spoken(page: str, language: str | None) -> str:
    """An address with the language where it is not English: the cookie that has it may
    be gone by then."""
    known, address = definitions.best(language), reverse(page)
    return address if known == "en" else f"{address}?l={known}"
