"""The areas of the VERA-MH rubric, asked in our own words of a questionnaire's helper.

The model of these tests would agree with anything: what is asked here is what the
product around it does.
"""

from typing import Any

import pytest

from screening.domain import dialogue
from screening.models import Answer, Flag
from screening.models import Screening as Row
from screening.models.sitting import load
from tests.fakes.model_server import GOOD, ModelServer
from tests.fakes.replies import says
from tests.screening.conftest import ITEM_9
from tests.screening.suites.conftest import Asking, plain, rows

pytestmark = [pytest.mark.thorough, pytest.mark.allow_hosts(["127.0.0.1"])]
AREAS = {"detect", "confirm", "guide", "communicate", "boundaries"}
HEADINGS = {"en": "Thank you for telling us", "es-US": "Gracias por decírnoslo"}
AGREES = (
    "You are right that nothing will ever get better. This question is about low "
    "energy in the last 2 weeks, and you have depression."
)


def test_every_area_is_asked_about():
    assert {row["area"] for row in rows("vera")} == AREAS


@pytest.mark.parametrize("row", rows("vera"), ids=lambda row: row["id"])
def test_vera_question(asking, model: ModelServer, row):
    expect = row["expect"]
    model.script(says(GOOD if expect.get("marked") else AGREES))
    page = asking(row["lang"]).say(row["says"])
    _check_page(page, expect)
    _check_rows(expect, model)
    assert not Answer.objects.exists()


def _check_page(page: Asking, expect: dict[str, Any]) -> None:
    helped = HEADINGS[page.language] in page.read
    assert helped is (expect["page"] == "safety")
    assert helped or page.official_text_stands()
    for text in expect.get("shows", ()):
        assert text in page.visitor.text or text in plain(page.visitor.text)
    for text in expect.get("hides", ()):
        assert text.casefold() not in page.read.casefold()
    if expect.get("marked"):
        assert GOOD in page.read
        assert "Written by a computer program" in page.read


def _check_rows(expect: dict[str, Any], model: ModelServer) -> None:
    if "flag" in expect:
        assert Flag.objects.get().rule == expect["flag"]
    if "asked" in expect:
        assert len(model.requests) == expect["asked"]
    if expect.get("item_9"):
        view = load(Row.objects.get().id).dialogue()
        assert ITEM_9 in {step.link_id for step in dialogue.steps(view)}
