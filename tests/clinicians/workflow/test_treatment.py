"""The kinds of treatment events: the shipped file, and files that are refused."""

import pytest

from clinicians.definitions import ROOT, treatment_kinds
from clinicians.workflow.treatment import build_treatment_kinds
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError


def shipped() -> dict[str, object]:
    data = read_json(ROOT / "treatment.json", ROOT)
    assert isinstance(data, dict)
    return dict(data)


def test_shipped_kinds_have_words():
    kinds = treatment_kinds()
    assert kinds.label("medication-started") == "Medication started"
    assert shipped()["reviewed_by"] is None


def test_a_kind_no_longer_offered_stands_for_itself():
    assert treatment_kinds().label("leeches") == "leeches"


@pytest.mark.parametrize(
    "kinds",
    [
        [],
        [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}],
        [{"id": "a", "label": ""}],
        [{"id": "a", "label": "A", "why": "x"}],
    ],
    ids=["none", "twice", "without words", "unknown field"],
)
def test_kinds_that_cannot_be_used_are_refused(kinds):
    with pytest.raises(DefinitionError):
        build_treatment_kinds({**shipped(), "kinds": kinds}, file="treatment.json")
