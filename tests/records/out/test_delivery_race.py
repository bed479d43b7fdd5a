"""Several senders at once: nothing is sent twice, and one patient's in order."""

from datetime import timedelta

import pytest

from records import tasks
from records.models import Delivery
from tests.clinicians.test_race import together
from tests.records.out.leaving import make_leaving
from tests.records.rows import AT, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_senders_share_the_work_and_never_one_patient(target):
    leaving = make_leaving()
    leaving.place(address=target.url)
    for number in ("1", "2"):
        patient = make_patient(leaving.clinic, number=number)
        for second in range(3):
            row = leaving.result(patient)
            finished = AT + timedelta(seconds=second)
            type(row).objects.filter(id=row.id).update(completed_at=finished)
    target.slow = 0.05
    together(*[lambda: tasks.tick(lambda: leaving.now)] * 3)
    while tasks.tick(lambda: leaving.now):
        pass
    assert leaving.states() == ["ACCEPTED"] * 6
    assert set(Delivery.objects.values_list("tries", flat=True)) == {1}
    assert len(target.order) == 6
    assert target.overlaps == []
    assert len(target.all("Patient")) == 2
    assert len(target.all("QuestionnaireResponse")) == 6
    rows = Delivery.objects.order_by("caused_at")
    for patient in set(rows.values_list("patient", flat=True)):
        said = rows.filter(patient=patient)
        ids = [str(one) for one in said.values_list("administration", flat=True)]
        places = [
            next(n for n, sent in enumerate(target.order) if one in sent) for one in ids
        ]
        assert places == sorted(places)
