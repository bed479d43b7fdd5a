"""What the style sheets, scripts and templates may not contain."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SIDES = r"(margin|padding|border|inset)-(left|right)|[{;\s](left|right|float):"


def name(path: Path) -> str:
    return path.name


def test_sheets_are_small():
    """Patients load no sheet of the staff's; neither side loads much."""
    sizes = {sheet.name: sheet.stat().st_size for sheet in SHEETS}
    shared = sizes.pop("tokens.css") + sizes.pop("base.css")
    assert sorted(sizes) == ["patient.css", "staff.css"]
    assert shared + sizes["patient.css"] <= 20_000
    assert shared + sizes["staff.css"] <= 28_000


def test_first_page_is_small():
    base = (ROOT / "templates" / "base_patient.html").read_text()
    scripts = re.findall(r"static 'js/([\w.-]+\.js)'", base)
    assert len(scripts) >= 4
    script = sum((ROOT / "static" / "js" / name).stat().st_size for name in scripts)
    patient = ("tokens.css", "base.css", "patient.css")
    sheets = sum(s.stat().st_size for s in SHEETS if s.name in patient)
    assert script + sheets <= 85_000  # leaves room for the page itself in 100 kB


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_sheet_asks_nobody_else(sheet):
    text = sheet.read_text()
    assert "@import" not in text
    assert re.findall(r"url\(\"?(?!\.\./img/|\")[^)]*", text) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_sheet_keeps_the_focus_ring(sheet):
    assert not re.search(r"outline(-width|-style)?:\s*(none|0)\b", sheet.read_text())


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_sheet_sizes_text_by_the_readers_setting(sheet):
    text = sheet.read_text()
    assert not re.search(r"font(-size)?:[^;]*\dpx", text)
    sizes = re.findall(r"(?:font-size:|--text-\w+:)\s*([\d.]+)rem", text)
    assert [size for size in sizes if float(size) < 14 / 16] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_sheet_turns_with_the_writing(sheet):
    assert not re.search(SIDES, sheet.read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_template_holds_what_the_policy_allows(template):
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|\shx-|https?://", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert 'nonce="{{' in script
