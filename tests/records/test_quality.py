"""The table of CMS2: who is in it, with what, and that it is on record."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clinicians.actions.merging import merge
from clinicians.models import TreatmentEvent
from core.models import AuditEvent, Role
from records.presenters import quality
from screening.domain.rules import Tier
from tests.cast import NOW, make_episode, make_flag, make_user
from tests.records.rows import AT, make_administration, make_clinic, make_patient
from tests.records.test_casework import shut
from tests.stepped import stepped

# Fourteen minutes past midnight in New York: the day of the clinic counts.
DAY = "2026-03-04"


def table(clinic, first=DAY, last=DAY):
    out = StringIO()
    call_command(
        "depression_measure", clinic=clinic.name, first=first, last=last, stdout=out
    )
    return list(csv.DictReader(StringIO(out.getvalue())))


def test_table_says_result_and_plan_of_every_depression_screening(clinic, monkeypatch):
    monkeypatch.setattr(quality, "AT_ONCE", 2)
    patients = [make_patient(clinic, number=f"{one}") for one in range(4)]
    rows = [
        make_administration(clinic, values, patient=patient)
        for values, patient in zip(
            ([2] * 9, [0] * 9, [1, None], [2] * 9), patients, strict=True
        )
    ]
    make_administration(clinic, [2] * 7, instrument_id="gad-7", patient=patients[0])
    make_administration(make_clinic("South clinic"), [2] * 9)
    case = make_episode(patients[0], tier=Tier.HIGH, opened_at=AT, last_flag_at=AT)
    make_flag(case, rows[0].screening, administration=rows[0])
    by = make_user(clinic, Role.CLINICIAN)
    shut(case, by)
    TreatmentEvent.objects.create(
        clinic=clinic,
        patient=patients[3],
        kind="therapy-started",
        happened_on="2026-03-20",
        by=by,
        at=AT,
    )
    found = {one["record_number"]: one for one in table(clinic)}
    wanted = ("total", "result", "follow_up_plan", "plan_on", "plan_within_days")
    assert {n: tuple(one[w] for w in wanted) for n, one in found.items()} == {
        "0": ("18", "positive", "follow-up", DAY, "yes"),
        "1": ("0", "negative", "", "", "not needed"),
        "2": ("", "no result", "", "", "not needed"),
        "3": ("18", "positive", "therapy-started", "2026-03-20", "no"),
    }
    assert {one["screened_on"] for one in found.values()} == {DAY}
    assert {one["tool"] for one in found.values()} == {"phq-9"}
    line = AuditEvent.objects.get(kind="RECORD_TABLE_DOWNLOADED")
    assert line.detail == {"table": "cms2", "from": DAY, "to": DAY}


def test_days_are_those_of_the_clinic_and_merged_records_are_one(clinic):
    kept, gone = make_patient(clinic, number="=1"), make_patient(clinic, number="2")
    make_administration(clinic, [2] * 9, patient=gone)
    merge(kept=kept, gone=gone, by=make_user(clinic, Role.SUPERVISOR), at=AT)
    (only,) = table(clinic)
    # A spreadsheet would have taken it for a formula.
    assert (only["patient"], only["record_number"]) == (str(kept.id), "'=1")
    assert table(clinic, last="2026-03-03", first="2026-03-01") == []


def test_longer_form_that_did_not_follow_is_no_screening_of_its_own(clinic):
    stepped(clinic, each=0)
    day = NOW.astimezone(clinic.zone).date().isoformat()
    (only,) = table(clinic, first=day, last=day)
    assert (only["tool"], only["total"], only["result"]) == ("phq-2", "0", "negative")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first": "yesterday"}, "yesterday is no day"),
        ({"last": "2026-01-01"}, "The last day is before the first."),
    ],
)
def test_days_that_cannot_be_meant_are_refused(clinic, days, sentence):
    with pytest.raises(CommandError, match=sentence):
        table(clinic, **days)
    assert not AuditEvent.objects.filter(kind="RECORD_TABLE_DOWNLOADED").exists()
