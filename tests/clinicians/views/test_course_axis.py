"""The axis of a course is the questionnaire's own, and its items are a real table."""

import re
from datetime import timedelta

import pytest

from core.models import Patient
from screening.definitions import get
from screening.models import Administration, Answer, Definition, Score
from tests.cast import NOW, Cast, make_patient, make_screening
from tests.clinicians.views.test_courses import page_of

BANDS = {
    "phq-9": ["0–4 ", "5–9 ", "10–14 ", "15–19 ", "20–27 "],
    "gad-7": ["0–4 ", "5–9 ", "10–14 ", "15–21 "],
}


def answered(patient: Patient, name: str, values: list[int], *, days: int = 0) -> Score:
    at = NOW + timedelta(days=days)
    screening = make_screening(patient, name, at=at)
    part = Administration.objects.get(screening=screening)
    items = get(name, "en").scored_items
    for seq, (item, value) in enumerate(zip(items, values, strict=True), start=1):
        Answer.objects.create(
            screening=screening,
            administration=part,
            seq=seq,
            link_id=item.link_id,
            value=value,
            origin="TAPPED",
            at=at,
        )
    return Score.objects.create(
        administration=part,
        clinic=patient.clinic,
        patient=patient,
        instrument_id=name,
        total=sum(values),
        complete=True,
        detail={},
        at=at,
    )


@pytest.mark.parametrize(("name", "most"), [("phq-9", 27), ("gad-7", 21)])
def test_axis_is_the_whole_range_however_low_the_totals(cast: Cast, name, most):
    patient = make_patient(cast.clinic)
    items = len(get(name, "en").scored_items)
    answered(patient, name, [0] * items)
    answered(patient, name, [1] + [0] * (items - 1), days=14)
    page = page_of(cast, patient)
    assert f"The scale runs from 0 to {most}." in page
    ends = re.findall(r'text-anchor="end">(\d+)</text>', page)
    assert ends == ["0", str(most)]
    labels = re.findall(r'<text class="course__label"[^>]*>([^<]*)</text>', page)
    for band in BANDS[name]:
        assert any(label.startswith(band) for label in labels), band
    assert "Cut point 10 (" in page
    assert "Lower is better" in page


def test_items_over_time_are_a_table_of_numbers(cast: Cast):
    patient = make_patient(cast.clinic)
    answered(patient, "phq-9", [0, 1, 2, 3, 0, 1, 2, 3, 1])
    answered(patient, "phq-9", [3, 2, 1, 0, 3, 2, 1, 0, 0], days=14)
    page = page_of(cast, patient)
    table = page.partition("Each item of PHQ-9")[2].partition("</table>")[0]
    table = table or page.partition("over time</caption>")[2].partition("</table>")[0]
    heads = re.findall(r'<th scope="col">([^<]*)</th>', table)
    assert heads == ["Item", "15 Sep 2026", "29 Sep 2026"]
    names = re.findall(r'<th scope="row">([^<]*)</th>', table)
    assert names == [item.text for item in get("phq-9", "en").scored_items]
    cells = re.findall(r"<td>([^<]*)</td>", table)
    assert cells[:4] == ["0", "3", "1", "2"]
    assert len(cells) == 18


def test_no_change_is_claimed_between_two_versions(cast: Cast):
    patient = make_patient(cast.clinic)
    answered(patient, "phq-9", [3] * 9)
    later = answered(patient, "phq-9", [0] * 9, days=14).administration
    assert "Reliable improvement" in page_of(cast, patient)
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
    assert "eliable" not in page_of(cast, patient)
