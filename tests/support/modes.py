"""The ways in which people have a page shown to them, one after the other."""

from typing import Any

from playwright.sync_api import Page, ViewportSize

from tests.support.browser import DESK, PHONE, axe
from tests.support.inspection import inspect

SMALL: ViewportSize = {"width": 320, "height": 568}
CALM: dict[str, Any] = {
    "color_scheme": "light",
    "contrast": "no-preference",
    "forced_colors": "none",
    "reduced_motion": "reduce",
}
TWICE = {"fontSize": "200%"}
SPACED = {"letterSpacing": "0.12em", "wordSpacing": "0.16em"}  # WCAG 1.4.12
# Name, size, what a reader's own style says, and what the system asks for.
MODES: tuple[tuple[str, ViewportSize, dict[str, str], dict[str, Any]], ...] = (
    ("small", SMALL, SPACED, {}),
    ("small and twice the letters", SMALL, TWICE, {}),
    ("dark", PHONE, {}, {"color_scheme": "dark"}),
    ("forced colours", PHONE, {}, {"forced_colors": "active"}),
    ("more contrast", DESK, {}, {"contrast": "more"}),
    ("desk", DESK, {}, {}),
)
MOVING = "document.getAnimations().length"


def inspect_in_every_mode(page: Page) -> None:
    """Fails with what is wrong in any of them; axe looks in the dark as well."""
    found: list[str] = []
    for name, size, style, asked in MODES:
        _show(page, size, style, asked)
        found += [f"{name}: {one}" for one in inspect(page)]
        if moving := page.evaluate(MOVING):
            found.append(f"{name}: {moving} things move though none should")
        if name == "dark":
            axe(page)
    _show(page, PHONE, {}, {})
    assert not found, f"{page.url}\n" + "\n".join(found)


def _show(
    page: Page, size: ViewportSize, style: dict[str, str], asked: dict[str, Any]
) -> None:
    page.emulate_media(**{**CALM, **asked})
    page.set_viewport_size(size)
    page.evaluate(
        "style => { const root = document.documentElement; "
        "root.removeAttribute('style'); Object.assign(root.style, style); }",
        style,
    )
    if not style:  # an empty attribute would be one that the page's policy refuses
        page.evaluate("document.documentElement.removeAttribute('style')")
