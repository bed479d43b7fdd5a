"""A patient is screened, a clinician sees the flag, the record leaves."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from core import audit
from core.models import Patient as PatientRow
from core.models import User
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


@dataclass
class Path:
    """The two people of the path, each at a page."""

    robin: Patient
    alice: Staff
    bob: Staff

    def answer_up_to_item_9(self, token: str) -> None:
        robin = self.robin
        robin.open(token, month="1", day="15", year="1990")
        robin.begin()
        robin.check("question")
        robin.choose_until(r"/question/1/9/$", 2)
        robin.check("item-9")
        robin.page.check("#choice-2")
        robin.press("Continue")
        expect(robin.page.locator("h1")).to_have_text("Thank you for telling us")
        robin.check("safety")

    def see_and_claim(self, user: User) -> None:
        alice = self.alice
        alice.sign_in(user, PASSWORD)
        expect(alice.page.locator("main")).to_contain_text("Rivera")
        expect(alice.page.locator("main")).to_contain_text("better off dead")
        alice.check("queue")
        alice.key(alice.page.get_by_role("button", name="Claim").first)
        expect(alice.page.locator("main")).to_contain_text("Alice Moore")

    def go_on_and_submit(self) -> None:
        robin = self.robin
        robin.press("Go on with the questions")
        robin.page.wait_for_url("**/question/1/10/")
        robin.choose_until(r"/review/$")
        robin.check("review")
        robin.press("Submit my answers to the clinic")
        robin.page.wait_for_url("**/done/")
        robin.check("done")

    def read_contact_and_close(self, episode: Episode) -> None:
        alice = self.alice
        alice.page.goto(f"/staff/cases/{episode.id}/")
        expect(alice.page.locator("main")).to_contain_text("Mild")
        alice.check("case")
        alice.key(alice.page.get_by_text("Record a contact attempt"))
        alice.tick(alice.page.get_by_label("Spoke with the patient", exact=True))
        alice.press("Record it")
        alice.key(alice.page.get_by_text("Close it", exact=True))
        alice.tick(
            alice.page.get_by_label("Spoke with the patient; follow-up arranged")
        )
        closing = alice.page.locator("form:has(button:text-is('Propose to close it'))")
        closing.locator("textarea").fill("Talked for twenty minutes; visit on Friday.")
        alice.press("Propose to close it")
        expect(alice.page.locator("main")).to_contain_text("A colleague has to confirm")
        alice.check("case-to-confirm")

    def confirm(self, user: User, episode: Episode) -> None:
        bob = self.bob
        bob.sign_in(user, PASSWORD)
        bob.page.goto(f"/staff/cases/{episode.id}/")
        expect(bob.page.locator("main")).to_contain_text("proposed to close this case")
        bob.check("case-second-person")
        bob.press("Confirm: close the case")
        expect(bob.page.locator("main")).to_contain_text("The case is closed.")
        bob.check("empty-queue")
        alice = self.alice
        alice.page.goto(f"/staff/cases/{episode.id}/")
        expect(alice.page.locator("main")).to_contain_text("Talked for twenty minutes")
        alice.check("closed-case")


def issue_token(clinic_id: object, capsys: pytest.CaptureFixture[str]) -> str:
    """Give a records system its token, as an administrator would."""
    capsys.readouterr()
    call_command("create_api_client", "--clinic", str(clinic_id), "--name", "Records")
    return capsys.readouterr().out.strip()


def total_of(found: dict[str, Any]) -> list[int]:
    """Return the PHQ-9 totals among the Observations of a search."""
    resources = [entry["resource"] for entry in found["entry"]]
    return [
        resource["valueQuantity"]["value"]
        for resource in resources
        if resource["code"]["coding"][0]["code"] == "44261-6"
    ]


def test_screened_seen_claimed_closed_and_exported(
    open_page: Callable[..., Page],
    site: str,
    cast: Cast,
    patient: PatientRow,
    invited: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = Path(
        Patient(open_page(), "patient"),
        Staff(open_page(size=DESK), "clinician"),
        Staff(open_page(size=DESK), "colleague"),
    )
    path.answer_up_to_item_9(invited())
    # In the queue before anything was submitted.
    assert not Screening.objects.filter(completed_at__isnull=False).exists()
    give_second_factor(cast.alice)
    path.see_and_claim(cast.alice)
    path.go_on_and_submit()
    episode = Episode.objects.get(patient=patient)
    path.read_contact_and_close(episode)
    give_second_factor(cast.bob)
    path.confirm(cast.bob, episode)

    # The record leaves, to a client that may have it and to nobody else.
    token = issue_token(cast.clinic.id, capsys)
    administration = Administration.objects.get(definition__instrument_id="phq-9")
    response = f"QuestionnaireResponse/{administration.id}"
    status, resource = read(f"{site}/fhir/R4/{response}", token)
    assert (status, resource["status"]) == (200, "completed")
    found = read(f"{site}/fhir/R4/Observation?derived-from={response}", token)[1]
    assert total_of(found) == [9]
    status, refusal = read(f"{site}/fhir/R4/{response}")
    assert (status, refusal["resourceType"]) == (401, "OperationOutcome")

    # Every step of it is in the log, and the log is whole.
    assert not audit.verify_all()
