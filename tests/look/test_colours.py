"""Every pair of colours that can meet is readable, by day and by night."""

from itertools import product

import pytest

from tests.look.colours import contrast, scheme

SCHEMES = ("light", "dark")
GROUNDS = ("ground", "surface", "sunken", "accent-soft")
STATES = ("urgent", "high", "routine", "concern", "good")
INKS = ("ink", "ink-soft", "accent", "accent-strong", *STATES)
EDGES = ("line-strong", "focus")
TEXT = [
    *product(INKS, GROUNDS),
    *((state, f"{state}-soft") for state in STATES),
    *(("ink", f"{state}-soft") for state in STATES),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ground", "ink"),  # the help link
    ("surface", "urgent"),  # the dangerous button
]
NOT_TEXT = [
    *product(EDGES, GROUNDS),
    *(("focus", f"{state}-soft") for state in STATES),
]


def test_contrast_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out(name, ink, ground):
    colours = scheme(name)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), NOT_TEXT)
def test_edges_and_focus_stand_out(name, edge, ground):
    colours = scheme(name)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_dark_changes_every_colour_but_none_is_forgotten():
    light, dark = scheme("light"), scheme("dark")
    assert [name for name in light if light[name] == dark[name]] == []


def test_every_colour_is_measured():
    measured = {name for pair in TEXT + NOT_TEXT for name in pair}
    assert set(scheme("light")) - measured == {"line"}  # it only decorates
