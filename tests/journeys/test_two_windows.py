"""A check-in in two windows: what is open in one language, and switched in the other."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.audit import Actor
from core.models import Clinic
from core.models import Patient as PatientRow
from screening import actions
from screening.models import Answer
from tests.journeys.test_away import Quick, looked_at

pytestmark = pytest.mark.browser


def test_question_left_open_in_english_counts_as_it_was_read(
    open_page: Callable[..., Page], clinic: Clinic, patient: PatientRow
) -> None:
    clinic.step_up = True
    clinic.save()
    patient.refresh_from_db()
    invited = actions.invite(
        patient=patient,
        battery=["phq-2"],
        language="en",
        by=Actor.system("journey"),
        at=timezone.now(),
    )
    english = open_page(dark=True)
    robin = Quick(english, "two-windows")
    robin.to_questions(invited.token)
    other = Quick(english.context.new_page(), "two-windows-other")
    other.page.goto("/question/1/1/")
    other.page.get_by_role("button", name="Español").click()
    # There is no short form in Spanish: the longer one is asked whole, and says so.
    other.page.wait_for_url("**/question/2/1/")
    expect(other.page.locator("main")).to_contain_text("hacemos todas estas preguntas")
    expect(other.page.locator("main")).not_to_contain_text("otras palabras")
    looked_at(other, "whole")

    english.check("#choice-3")
    robin.press("Continue")
    english.wait_for_url("**/question/2/1/**")
    expect(english.locator("main")).to_contain_text("Su respuesta queda guardada.")
    expect(english.locator("#choice-3")).to_be_checked()
    # All around it has followed too, help above all.
    expect(english.locator("html")).to_have_attribute("lang", "es-us")
    expect(english.locator("header")).to_contain_text("Obtener ayuda ahora")
    expect(english.locator("footer")).to_contain_text("Nadie vigila")
    looked_at(robin, "once-more")
    first = Answer.objects.select_related("asked_as").get()
    assert first.asked_as is not None
    assert (first.value, first.asked_as.language) == (2, "en")
    english.goto("/review/")
    looked_at(robin, "review")
