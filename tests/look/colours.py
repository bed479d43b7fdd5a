"""Reads the colours out of the style sheet and measures how they stand apart."""

import re
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
_DARK = "@media screen and (prefers-color-scheme: dark)"


def scheme(name: str) -> dict[str, str]:
    """The colours of "light" or "dark": dark overrides light."""
    light, dark = TOKENS.read_text().split(_DARK)
    return _colours(light) | (_colours(dark) if name == "dark" else {})


def contrast(one: str, other: str) -> float:
    lower, upper = sorted((_luminance(one), _luminance(other)))
    return (upper + 0.05) / (lower + 0.05)


def _colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", css))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
