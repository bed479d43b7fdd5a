"""A patient is screened, a clinician sees the flag, the record leaves."""

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from core import audit
from core.models import Patient as PatientRow
from screening.models import Administration, Episode, Screening
from tests.cast import Cast
from tests.journeys.steps import Patient, Staff, give_second_factor
from tests.support.browser import DESK

pytestmark = pytest.mark.browser

PASSWORD = "a password nobody guesses"


def read(url: str, token: str = "") -> tuple[int, dict[str, Any]]:
    """Ask as a records system does; returns (status, resource)."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urlopen(Request(url, headers=headers)) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_screened_seen_claimed_closed_and_exported(
    open_page: Callable[..., Page],
    site: str,
    cast: Cast,
    patient: PatientRow,
    invited: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    # The patient answers up to item 9 …
    robin = Patient(open_page(), "patient")
    robin.open(invited(), month="1", day="15", year="1990")
    robin.begin()
    robin.check("question")
    robin.choose_until(r"/question/1/9/$", 2)
    robin.check("item-9")
    robin.page.check("#choice-2")
    robin.press("Continue")
    expect(robin.page.locator("h1")).to_have_text("Thank you for telling us")
    robin.check("safety")

    # … and is in the queue before submitting anything.
    assert not Screening.objects.filter(completed_at__isnull=False).exists()
    give_second_factor(cast.alice)
    alice = Staff(open_page(size=DESK), "clinician")
    alice.sign_in(cast.alice, PASSWORD)
    expect(alice.page.locator("main")).to_contain_text("Rivera")
    expect(alice.page.locator("main")).to_contain_text("better off dead")
    alice.check("queue")
    alice.page.get_by_role("button", name="Claim").first.click()
    expect(alice.page.locator("main")).to_contain_text("Alice Moore")

    # The patient goes on and submits.
    robin.press("Go on with the questions")
    robin.page.wait_for_url("**/question/1/10/")
    robin.choose_until(r"/review/$")
    robin.check("review")
    robin.press("Submit my answers to the clinic")
    robin.page.wait_for_url("**/done/")
    robin.check("done")

    # The clinician reads the case, records a contact and closes it.
    episode = Episode.objects.get(patient=patient)
    alice.page.goto(f"/staff/cases/{episode.id}/")
    expect(alice.page.locator("main")).to_contain_text("Mild")
    alice.check("case")
    alice.page.get_by_text("Record a contact attempt").click()
    alice.page.get_by_label("Spoke with the patient", exact=True).check()
    alice.press("Record it")
    alice.page.get_by_text("Close it", exact=True).click()
    alice.page.get_by_label("Spoke with the patient; follow-up arranged").check()
    alice.page.locator("form:has(button:text-is('Close the case')) textarea").fill(
        "Talked for twenty minutes; visit on Friday."
    )
    alice.press("Close the case")
    expect(alice.page.locator("main")).to_contain_text("The case is closed.")
    alice.check("empty-queue")
    alice.page.goto(f"/staff/cases/{episode.id}/")
    expect(alice.page.locator("main")).to_contain_text("Talked for twenty minutes")
    alice.check("closed-case")

    # The record leaves, to a client that may have it and to nobody else.
    capsys.readouterr()
    call_command(
        "create_api_client", "--clinic", str(cast.clinic.id), "--name", "Records"
    )
    token = capsys.readouterr().out.strip()
    administration = Administration.objects.get(definition__instrument_id="phq-9")
    url = f"{site}/fhir/R4/QuestionnaireResponse/{administration.id}"
    status, response = read(url, token)
    assert status == 200
    assert response["status"] == "completed"
    status, found = read(
        f"{site}/fhir/R4/Observation"
        f"?derived-from=QuestionnaireResponse/{administration.id}",
        token,
    )
    totals = [
        entry["resource"]["valueQuantity"]["value"]
        for entry in found["entry"]
        if entry["resource"]["code"]["coding"][0]["code"] == "44261-6"
    ]
    assert totals == [9]
    status, refusal = read(url)
    assert (status, refusal["resourceType"]) == (401, "OperationOutcome")

    # Every step of it is in the log, and the log is whole.
    assert not audit.verify_all()
