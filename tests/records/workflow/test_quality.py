"""CMS2: what counts as positive, and when a plan came in time."""

from datetime import date, timedelta

import pytest

from clinicians.definitions import review_policy, treatment_kinds
from records.definitions import ROOT, depression_measure
from records.workflow.quality import Plan, Screened, build_measure, fields
from screening.definitions import load_all
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError

ON = date(2026, 3, 4)
LATE = ON + timedelta(days=30)


def judged(at_cut, *plans, today=LATE):
    made = tuple(Plan(on=ON + timedelta(days=day), kind=kind) for day, kind in plans)
    screened = Screened(on=ON, at_cut=at_cut, plans=made)
    return fields(screened, depression_measure(), today=today)


@pytest.mark.parametrize(
    ("plans", "in_time", "kind"),
    [
        ([], "no", ""),
        ([(0, "follow-up")], "yes", "follow-up"),
        ([(2, "follow-up")], "yes", "follow-up"),
        ([(3, "follow-up")], "no", "follow-up"),
        ([(3, "follow-up"), (1, "referred")], "yes", "referred"),
        # What was begun before the screening answers nothing that it found.
        ([(-1, "therapy-started")], "no", ""),
        ([(1, "referred"), (1, "follow-up")], "yes", "follow-up"),
    ],
)
def test_first_plan_since_the_screening_counts(plans, in_time, kind):
    said = judged(True, *plans)
    assert (said.result, said.plan_in_time, said.plan) == ("positive", in_time, kind)
    assert (said.plan_on is None) == (kind == "")


def test_plan_is_due_until_its_last_day_is_over():
    assert judged(True, today=ON + timedelta(days=2)).plan_in_time == "due"
    assert judged(True, today=ON + timedelta(days=3)).plan_in_time == "no"


def test_negative_and_unscored_need_none():
    assert judged(False).plan_in_time == "not needed"
    assert judged(False, (1, "follow-up")).plan == "follow-up"
    assert judged(None).result == "no result"


def test_file_names_only_what_there_is():
    measure = depression_measure()
    assert set(measure.tools) <= {name for name, _ in load_all()}
    assert set(measure.dispositions) <= {one.id for one in review_policy().dispositions}
    assert set(measure.treatments) <= set(treatment_kinds().labels)


@pytest.mark.parametrize(
    ("key", "value"),
    [("plan_days", -1), ("tools", []), ("sources", []), ("odd", 1), ("plan_days", "2")],
)
def test_file_that_cannot_be_used_is_refused(key, value):
    data = read_json(ROOT / "cms2.json", ROOT)
    with pytest.raises(DefinitionError):
        build_measure({**data, key: value}, file="cms2.json")
