"""Reports about wordings, for those who review them: no name, seen, then answered."""

import pytest

from core.models import AuditEvent, Role
from screening.models import Screening, Turn, WordingReport
from tests.cast import NOW, Cast, make_patient, make_screening, make_user, signed_in

URL = "/staff/wordings/reports/"
WORDS = "bothered by what?"


@pytest.fixture
def report(cast: Cast) -> WordingReport:
    patient = make_patient(cast.clinic, family_name="Rivera", given_name="Alex")
    screening = make_screening(patient)
    turn = Turn.objects.create(
        screening=screening,
        administration=screening.administrations.get(),
        link_id="/44250-9",
        key="0.a",
        digest="",
        kind=Turn.Kind.WORDS,
        words=WORDS,
        at=NOW,
    )
    return WordingReport.objects.create(
        clinic=cast.clinic,
        screening=screening,
        turn=turn,
        key="0.a",
        instrument_id="phq-9",
        instrument_version="2026.1",
        language="en",
        link_id="/44250-9",
        where="OFFICIAL",
        why="HURTFUL",
        text="Little interest or pleasure in doing things",
        at=NOW,
    )


def test_both_reviewers_read_it_and_are_not_told_whose_it_is(
    cast: Cast, report: WordingReport
):
    for person in (cast.alice, cast.liv):
        page = signed_in(person).get(URL).content.decode()
        for words in ("Hurtful", "PHQ-9, question 1", WORDS, "15 Sep 2026", "New"):
            assert words in page, words
        for words in ("Rivera", "Alex", str(report.screening_id), "10:00"):
            assert words not in page, words
    assert "Reports from patients (1 new)" in (
        signed_in(cast.liv).get("/staff/wordings/").content.decode()
    )


def test_look_at_a_patients_words_is_on_record(cast: Cast, report: WordingReport):
    signed_in(cast.liv).get(URL)
    line = AuditEvent.objects.get(kind="WORDING_REPORTS_VIEWED")
    assert (line.object_type, line.object_id) == (
        "screening",
        str(report.screening_id),
    )
    WordingReport.objects.update(turn=None)
    signed_in(cast.liv).get(URL)
    assert AuditEvent.objects.filter(kind="WORDING_REPORTS_VIEWED").count() == 1
    # What a model explained tells what was asked.
    WordingReport.objects.update(shown_as="turn:1", where="BENEATH")
    signed_in(cast.liv).get(URL)
    assert AuditEvent.objects.filter(kind="WORDING_REPORTS_VIEWED").count() == 2


def test_seen_by_one_and_answered_by_the_other(cast: Cast, report: WordingReport):
    signed_in(cast.alice).post(f"{URL}{report.id}/seen/")
    page = signed_in(cast.liv).get(f"{URL}?state=SEEN").content.decode()
    assert "Seen by Alice Moore" in page
    assert "Mark as seen" not in page
    answered = signed_in(cast.liv).post(
        f"{URL}{report.id}/answer/", {"answer": "Asked for plainer words."}, follow=True
    )
    text = answered.content.decode()
    assert "Your answer is kept with the report." in text
    assert "Asked for plainer words." in text
    assert "Answer it" not in text
    report.refresh_from_db()
    assert (report.state, report.seen_by) == ("ANSWERED", cast.alice)


def test_empty_answer_is_asked_for_again_and_a_second_one_is_refused(
    cast: Cast, report: WordingReport
):
    client = signed_in(cast.alice)
    empty = client.post(f"{URL}{report.id}/answer/", {"answer": " "})
    assert empty.status_code == 422
    assert f'id="error-{report.id}"' in empty.content.decode()
    long = "x" * 20_000
    kept = client.post(f"{URL}{report.id}/answer/", {"answer": long})
    assert (kept.status_code, long in kept.content.decode()) == (422, True)
    client.post(f"{URL}{report.id}/answer/", {"answer": "Done."})
    last = client.post(f"{URL}{report.id}/answer/", {"answer": "Done."}, follow=True)
    assert "answered already" in last.content.decode()


def test_other_clinic_and_other_roles_see_nothing(cast: Cast, report: WordingReport):
    charlie = signed_in(cast.charlie)
    assert WORDS not in charlie.get(URL).content.decode()
    assert charlie.post(f"{URL}{report.id}/seen/").status_code == 404
    reviewer = make_user(cast.clinic, Role.WORDING_REVIEWER)
    assert signed_in(reviewer).get(URL).status_code == 200
    for person in (cast.fred, cast.ada):
        assert signed_in(person).get(URL).status_code == 403
    assert signed_in(cast.alice).get(f"{URL}{report.id}/seen/").status_code == 405
    assert Screening.objects.count() == 1
