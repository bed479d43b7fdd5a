"""What was said about danger and taken back again is told beside what counts now."""

import pytest

from clinicians.presenters.results import screenings
from screening import definitions
from tests.cast import make_clinic
from tests.records.rows import add_answer, make_administration

pytestmark = pytest.mark.django_db
TAKEN_BACK = "Item 5: No (0); before it was changed: Yes (1)"
NONE = "No item was answered with yes or refused"


@pytest.mark.parametrize(
    ("given", "then", "told"),
    [
        ([0, 0, 0, 0], {}, NONE),
        ([0, 1, 0, 0], {}, "Item 2: Yes (1)"),
        ([0, 1, 0, 0], {2: 0}, "Item 2: No (0); before it was changed: Yes (1)"),
        (
            ["declined", 0, 0, 0, 1],
            {5: 0},
            f"{TAKEN_BACK}; Item 1: Preferred not to answer",
        ),
    ],
)
def test_asq_says_what_was_endorsed_before_it_was_changed(given, then, told):
    clinic = make_clinic()
    row = make_administration(clinic, given, instrument_id="asq")
    for number, value in then.items():
        add_answer(row, definitions.get("asq", "en").items[number - 1].link_id, value)
    (view,) = screenings([row.screening_id], clinic.zone)
    assert view.administrations[0].item_9 == told
