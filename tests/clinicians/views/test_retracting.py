"""Marking a screening as entered in error: struck where staff read it, no case closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.actions import claim
from clinicians.actions.retracting import mark_in_error
from clinicians.definitions import ROOT, retract_reasons
from clinicians.models import ReviewEvent
from clinicians.presenters.figures.counts import check_ins
from clinicians.presenters.trend import courses
from clinicians.workflow.retracting import build_retract_reasons
from core.models import AuditEvent, Patient
from screening.actions import RetractRefused
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError
from screening.models import Episode, Retraction, Screening
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.views.entries import Desk, begun

WHO = {"reason": "other-person", "note": "Her sister held the phone."}


@pytest.fixture
def patient(cast: Cast) -> Patient:
    return make_patient(cast.clinic)


@pytest.fixture
def desk(cast: Cast, patient: Patient) -> Desk:
    """A PHQ-9 from paper with item 9 endorsed: an urgent case is open."""
    desk = begun(cast.alice, patient)
    desk.save({f"answer-0-{number}": "1" for number in range(1, 11)})
    desk.post("entry-submit")
    return desk


def case_page(desk: Desk) -> str:
    case = Episode.objects.get()
    page = desk.client.get(reverse("clinicians:case", args=[case.id]))
    return page.content.decode()


def test_page_says_what_happens_and_that_the_case_stays(desk):
    assert desk.url("in-error") in desk.see("results")
    page = desk.see("in-error")
    for words in ("PHQ-9: 9 of 27", "A case stays open", "cannot be undone"):
        assert words in page
    assert not Retraction.objects.exists()


def test_answers_stay_struck_with_the_reason(desk, patient):
    assert desk.post("in-error", **WHO).url == desk.url("results")
    page = desk.see("results")
    for words in ("Entered in error", "Her sister held the phone", "<s>9 of 27</s>"):
        assert words in page
    assert "Alice Moore" in page
    assert desk.url("in-error") not in page
    assert "Amend<" not in page
    listed = desk.client.get(reverse("clinicians:patient", args=[patient.id]))
    assert "<s>PHQ-9</s>" in listed.content.decode()
    assert courses(patient, patient.clinic) == []


def test_case_stays_open_says_so_and_an_open_page_is_out_of_date(cast: Cast, desk):
    case, at = Episode.objects.get(), timezone.now()
    claim(episode=case, by=cast.alice, at=at)
    case.refresh_from_db()
    seen, before = case.version, case.status
    desk.post("in-error", **WHO)
    case.refresh_from_db()
    assert case.status == before
    page = case_page(desk)
    for words in ("From a screening entered in error", "flags that it raised stand"):
        assert words in page
    event = ReviewEvent.objects.get(kind=ReviewEvent.Kind.RETRACTED)
    assert event.by == cast.alice
    assert AuditEvent.objects.filter(kind="CASE_RETRACTED").count() == 1
    assert case.version == seen + 1


def test_number_that_was_given_is_not_called_the_patients(desk):
    desk.screening.callback_number = "202-555-0199"
    desk.screening.save(update_fields=["callback_number"])
    assert "as whoever answered gave it" not in case_page(desk)
    desk.post("in-error", **WHO)
    page = case_page(desk)
    assert "202-555-0199" in page
    assert "as whoever answered gave it" in page


def test_text_for_the_record_says_it_too(desk):
    desk.post("in-error", **WHO)
    case = Episode.objects.get()
    page = desk.client.get(reverse("clinicians:case-text-plain", args=[case.id]))
    said = page.content.decode()
    assert "of a screening entered in error" in said
    assert "9 of 27" not in said


def test_figures_leave_it_out(desk, cast: Cast):
    now = timezone.now()
    window = (now - timedelta(days=1), now + timedelta(days=1))
    assert sum(check_ins(cast.clinic, window).values()) == 2
    desk.post("in-error", **WHO)
    assert sum(check_ins(cast.clinic, window).values()) == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose why it is entered in error"),
        ({"reason": "other"}, "Write what happened"),
        ({"reason": "moon", "note": "x"}, "Select a valid choice"),
    ],
)
def test_without_a_reason_nothing_happens(desk, given, words):
    response = desk.post("in-error", **given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Retraction.objects.exists()


def test_twice_is_once(desk):
    desk.post("in-error", **WHO)
    again = desk.post("in-error", **WHO)
    assert again.url == desk.url("results")
    assert desk.client.get(desk.url("in-error")).status_code == 302
    assert Retraction.objects.count() == 1
    assert "already" in desk.see("results")


def test_what_is_still_open_is_not_there(cast: Cast, patient):
    desk = begun(cast.alice, patient)
    desk.save({"answer-0-1": "0"}, later="yes")
    assert desk.client.get(desk.url("in-error")).status_code == 404
    assert desk.url("in-error") not in desk.see("results")


@pytest.mark.parametrize(
    ("who", "status"), [("charlie", 404), ("fred", 403), ("ada", 403)]
)
def test_stranger_and_wrong_role_retract_nothing(cast: Cast, desk, who, status):
    client = signed_in(getattr(cast, who))
    for how in (client.get, client.post):
        assert how(desk.url("in-error")).status_code == status
    assert desk.client.put(desk.url("in-error")).status_code == 405


def test_writes_check_the_reason_themselves(cast: Cast, desk):
    ask = {"screening_id": desk.screening.id, "by": cast.alice, "at": timezone.now()}
    for reason, note in (("moon", "x"), ("other", " ")):
        with pytest.raises(RetractRefused):
            mark_in_error(reason=reason, note=note, **ask)
    assert not Screening.objects.filter(retracted_at__isnull=False).exists()


@pytest.mark.parametrize(
    "reasons",
    [
        [],
        [{"id": "a", "label": "A", "note": True}] * 2,
        [{"id": "a", "label": "A"}],
    ],
    ids=["none", "twice", "does not say whether a note is needed"],
)
def test_reasons_that_cannot_be_used_are_refused(reasons):
    data = dict(read_json(ROOT / "retracting.json", ROOT))
    assert data["reviewed_by"] is None
    assert retract_reasons().noted == {"other"}
    with pytest.raises(DefinitionError):
        build_retract_reasons({**data, "reasons": reasons}, file="retracting.json")
