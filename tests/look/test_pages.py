"""The component page, the frames and the error pages, as they are served."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tests.support.html import check_html

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("_*.html"))
ERRORS = ("400", "403", "403_csrf", "404", "500", "503")
pytestmark = pytest.mark.urls("tests.look.urls")


def test_components_page_is_closed_by_default(client, settings):
    settings.COMPONENTS_PAGE = False
    assert client.get("/components/").status_code == 404


def test_components_page_shows(client, settings):
    settings.COMPONENTS_PAGE = True
    page = client.get("/components/").content.decode()
    assert "<h1>The words of a question" in page
    assert "Overdue by 2 h" in page


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.name)
def test_component_is_shown_and_explained(component):
    shown = [*TEMPLATES.glob("base*.html"), *(TEMPLATES / "components").rglob("*.html")]
    call = f'"components/{component.name}"'
    assert any(call in template.read_text() for template in shown)
    readme = (TEMPLATES / "components" / "README.md").read_text()
    assert f"`{component.name}`" in readme


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_needs_nothing(name):
    page = render_to_string(f"errors/{name}.html")
    check_html(page)
    assert 'href="/help/"' in page
    assert 'href="/exit/"' in page
    assert "<script" not in page


def test_patient_frame_has_help_exit_and_quiet_status(client):
    page = client.get("/question/1").content.decode()
    assert 'class="help" href="/help/"' in page
    assert 'href="/exit/" data-exit' in page
    assert 'id="status" role="status"></p>' in page


def test_staff_frame_counts_what_nobody_owns(client):
    page = client.get("/staff/").content.decode()
    assert "<title>(2) Queue – Check-in</title>" in page
    assert "Alarms are not being sent." in page
