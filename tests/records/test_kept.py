"""Answers kept from a short form leave as the patient's own, in the longer form too."""

import pytest

from records.presenters import Naming, finished, present
from records.presenters.sheets import served_rows
from tests.cast import make_clinic
from tests.stepped import stepped

pytestmark = pytest.mark.django_db


def leaving(clinic, row):
    found = finished(clinic, row.id)
    assert found is not None
    return present(found, clinic, Naming(base="https://x.example"))


def test_a_whole_phq_9_leaves_with_the_two_answers_kept():
    clinic = make_clinic()
    row = stepped(clinic, each=1).administrations.get(position=1)
    values = leaving(clinic, row)
    assert values.self_reported
    assert values.no_total is None
    assert [item.choice.ordinal for item in values.items[:9]] == [1] * 8 + [0]


def test_item_9_alone_leaves_with_no_total():
    clinic = make_clinic()
    row = stepped(clinic, each=0).administrations.get(position=1)
    values = leaving(clinic, row)
    answered = [item.key for item in values.items if item.choice]
    assert len(answered) == 1
    assert values.no_total == "No total: 8 of 9 scored items have no answer."


def test_a_longer_form_of_which_nothing_was_asked_leaves_not_at_all():
    clinic = make_clinic(step_safety=False)
    short, long = stepped(clinic, each=0).administrations.order_by("position")
    assert finished(clinic, short.id) is not None
    assert finished(clinic, long.id) is None
    assert list(served_rows(clinic)) == [short]
