"""Each submit on a course has the shape and the words of what it is."""

from datetime import timedelta

from screening.models import Administration, Answer, Definition, Score
from tests.cast import NOW, Cast, make_definition, make_patient, make_screening
from tests.clinicians.views.test_course import NINE, scored
from tests.clinicians.views.test_courses import page_of


def test_each_kind_of_point_has_its_shape_and_words(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    entered = scored(patient, 12, days=14).administration.screening
    entered.origin, entered.mode = "STAFF", "PAPER"
    entered.save()
    last = scored(patient, 10, days=28, complete=False)
    Score.objects.filter(pk=last.pk).update(total=None, detail={"missing": ["a", "b"]})
    page = page_of(cast, patient)
    assert page.count('<circle class="course__dot"') == 1
    assert page.count('<rect class="course__dot"') == 1
    assert page.count('class="course__none"') == 1
    assert "Every item answered; Entered by staff, from a paper form" in page
    assert "2 items missing, no total" in page
    assert "2 totals, from 20 on 15 Sep 2026 to 12 on 29 Sep 2026" in page
    assert "1 without a total." in page


def test_change_of_version_is_drawn_and_told(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    later = scored(patient, 12, days=14).administration
    old = later.definition
    later.definition = Definition.objects.create(
        instrument_id=old.instrument_id,
        version="2027.1",
        language=old.language,
        checksum="another",
        content=old.content,
        created_at=NOW,
    )
    later.save()
    page = page_of(cast, patient)
    assert page.count('class="course__version"') == 1
    assert "another version of the text (2027.1)" in page
    assert "course__line" not in page


def test_another_language_and_an_import_are_told(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    later = scored(patient, 12, days=14).administration
    later.definition = make_definition("phq-9", "es-US")
    later.save()
    later.screening.origin = "IMPORT"
    later.screening.save()
    assert "Every item answered; Imported; in Spanish" in page_of(cast, patient)


def test_declined_item_9_is_marked(cast: Cast):
    patient = make_patient(cast.clinic)
    part = scored(patient, 20).administration
    Answer.objects.create(
        screening=part.screening,
        administration=part,
        seq=2,
        link_id=NINE,
        declined=True,
        origin="TAPPED",
        at=NOW,
    )
    page = page_of(cast, patient)
    assert page.count("course__nine") == 1
    assert "<td>Declined</td>" in page


def test_remission_is_said_with_its_source(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 20)
    scored(patient, 3, days=14)
    assert "; remission (" in page_of(cast, patient)


def test_questionnaire_without_a_rule_of_change_claims_none(cast: Cast):
    patient = make_patient(cast.clinic)
    for days, total in ((0, 5), (14, 1)):
        at = NOW + timedelta(days=days)
        sitting = make_screening(patient, "phq-2", at=at)
        Score.objects.create(
            administration=Administration.objects.get(screening=sitting),
            clinic=cast.clinic,
            patient=patient,
            instrument_id="phq-2",
            total=total,
            complete=True,
            detail={},
            at=at,
        )
    page = page_of(cast, patient)
    assert "PHQ-2: 2 totals, from 5" in page
    assert "Against the one before" not in page


def test_only_submits_without_a_total_draw_nothing(cast: Cast):
    patient = make_patient(cast.clinic)
    row = scored(patient, 3)
    Score.objects.filter(pk=row.pk).update(total=None)
    assert "No total yet" in page_of(cast, patient)


def test_newest_submits_without_a_total_are_told(cast: Cast):
    patient = make_patient(cast.clinic)
    scored(patient, 9)
    for days in range(1, 13):
        row = scored(patient, 3, days=days)
        Score.objects.filter(pk=row.pk).update(total=None)
    assert "PHQ-9: 12 submits without a total." in page_of(cast, patient)
