"""The pages of a record's state: what ends is said, then it ends; cases say it too."""

import pytest
from django.urls import reverse

from clinicians.actions.merging import merge
from clinicians.actions.records import set_state
from clinicians.workflow.records import RecordState
from core.models import AuditEvent, Patient
from tests.cast import NOW, Cast, make_episode, make_patient, signed_in


def address(name: str, patient: Patient) -> str:
    return reverse(f"clinicians:{name}", args=[patient.id])


def test_page_says_what_ends_and_sets_it(cast: Cast):
    patient = cast.flagged().patient
    client = signed_in(cast.fred)
    page = client.get(address("record-state", patient)).content.decode()
    assert "0 open links will stop working" in page
    look = AuditEvent.objects.get(kind="FORM_VIEWED")
    assert (look.actor_id, look.object_id) == (str(cast.fred.id), str(patient.id))
    # The front desk is not told of cases.
    assert "1 open case" not in page
    alice = signed_in(cast.alice)
    page = alice.get(address("record-state", patient)).content.decode()
    assert "1 open case stays open until somebody" in page

    data = {"state": "DECEASED", "deceased-reason": "family", "deceased-note": "Son"}
    data["deceased-died_on"] = "2026-09-01"
    answer = client.post(address("record-state", patient), data, follow=True)
    text = answer.content.decode()
    assert "Deceased, 1 Sep 2026" in text
    assert "Told by family or somebody close. Son. Set by Fred Hill" in text
    assert "A case is still open" not in text
    page = alice.get(address("patient", patient)).content.decode()
    assert "A case is still open" in page
    assert address("invite", patient) not in page


def test_case_and_queue_say_it(cast: Cast):
    episode = cast.flagged()
    set_state(
        patient=episode.patient,
        state=RecordState.INACTIVE,
        reason="moved-away",
        by=cast.fred,
        at=NOW,
    )
    client = signed_in(cast.alice)
    case = client.get(reverse("clinicians:case", args=[episode.id])).content.decode()
    assert "The patient&#x27;s record is marked Inactive." in case
    assert "This case stays open until somebody has looked into it" in case
    assert "Inactive" in client.get(reverse("clinicians:queue")).content.decode()
    text = client.get(reverse("clinicians:case-text-plain", args=[episode.id]))
    assert "\nInactive\n" in text.content.decode()


def test_what_is_wrong_is_said_and_nothing_is_set(cast: Cast):
    patient = make_patient(cast.clinic)
    client, url = signed_in(cast.fred), address("record-state", patient)
    for data, sentence in (
        ({}, "Choose what to set it to."),
        ({"state": "MERGED"}, "Choose what to set it to."),
        ({"state": "INACTIVE"}, "This field is required."),
        (
            {
                "state": "DECEASED",
                "deceased-reason": "care",
                "deceased-died_on": "03/04/2026",
            },
            "year-month-day",
        ),
    ):
        response = client.post(url, data)
        assert response.status_code == 422
        assert sentence in response.content.decode()
    late = {"deceased-reason": "care", "deceased-died_on": "2990-01-01"}
    response = client.post(url, {"state": "DECEASED", **late})
    assert response.status_code == 409
    assert "cannot be in the future" in response.content.decode()
    patient.refresh_from_db()
    assert patient.status == "ACTIVE"


def test_a_supervisor_makes_it_active_again(cast: Cast):
    patient = make_patient(cast.clinic, status="INACTIVE")
    url = address("restore", patient)
    assert signed_in(cast.fred).post(url, {"note": "x"}).status_code == 403
    sue = signed_in(cast.sue)
    assert sue.post(url, {"note": ""}).status_code == 422
    page = sue.post(url, {"note": "Came back"}, follow=True).content.decode()
    assert "The record is active again." in page
    assert sue.post(url, {"note": "Again"}).status_code == 409


@pytest.mark.parametrize("name", ["record-state", "restore"])
def test_the_pages_are_for_the_clinic_and_its_roles(cast: Cast, name):
    url = address(name, make_patient(cast.clinic))
    who = cast.charlie if name == "record-state" else cast.sue
    if name == "record-state":
        assert signed_in(who).get(url).status_code == 404
        assert signed_in(cast.liv).get(url).status_code == 403
        assert signed_in(cast.fred).put(url).status_code == 405
    else:
        assert signed_in(who).get(url).status_code == 405
        foreign = address(name, make_patient(cast.other_clinic))
        assert signed_in(who).post(foreign, {"note": "x"}).status_code == 404


def test_two_open_cases_of_one_person_lead_to_one_another(cast: Cast):
    gone = make_patient(cast.clinic, number="OLD-1")
    here, there = cast.flagged(), make_episode(gone)
    kept = here.patient
    merge(kept=kept, gone=gone, by=cast.sue, at=NOW)
    client = signed_in(cast.alice)
    for one, other in ((here, there), (there, here)):
        page = client.get(reverse("clinicians:case", args=[one.id])).content.decode()
        assert "This patient has another open case." in page
        assert reverse("clinicians:case", args=[other.id]) in page
        assert kept.display_name in page
        assert ("OLD-1" in page) is (one == there)
    queue = client.get(reverse("clinicians:queue")).content.decode()
    assert queue.count(f">{kept.display_name}</a>") == 2
    assert "Recorded as" in queue
