"""The ways in which people have a page shown to them, one after the other."""

from typing import Any

from playwright.sync_api import Page

from tests.support.browser import DESK, PHONE, ViewportSize, axe
from tests.support.inspection import inspect

SMALL: ViewportSize = {"width": 320, "height": 568}
CALM: dict[str, Any] = {
    "color_scheme": "light",
    "contrast": "no-preference",
    "forced_colors": "none",
    "reduced_motion": "reduce",
}
# Name, width, how many times the size of letters, and what the system asks for.
MODES: tuple[tuple[str, ViewportSize, int, dict[str, Any]], ...] = (
    ("small", SMALL, 1, {}),
    ("small and twice the letters", SMALL, 2, {}),
    ("dark", PHONE, 1, {"color_scheme": "dark"}),
    ("forced colours", PHONE, 1, {"forced_colors": "active"}),
    ("more contrast", DESK, 1, {"contrast": "more"}),
    ("desk", DESK, 1, {}),
)
MOVING = "document.getAnimations().length"


def inspect_in_every_mode(page: Page) -> None:
    """Fails with what is wrong in any of them; axe looks in the dark as well."""
    found: list[str] = []
    for name, size, letters, asked in MODES:
        _show(page, size, letters, asked)
        found += [f"{name}: {one}" for one in inspect(page)]
        if moving := page.evaluate(MOVING):
            found.append(f"{name}: {moving} things move though none should")
        if name == "dark":
            axe(page)
    _show(page, PHONE, 1, {})
    assert not found, f"{page.url}\n" + "\n".join(found)


def _show(page: Page, size: ViewportSize, letters: int, asked: dict[str, Any]) -> None:
    page.emulate_media(**{**CALM, **asked})
    page.set_viewport_size(size)
    page.evaluate(
        "letters => { const root = document.documentElement; "
        "root.style.fontSize = letters; if (!letters) root.removeAttribute('style'); }",
        f"{letters * 100}%" if letters > 1 else "",
    )
