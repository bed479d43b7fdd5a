"""Two patients open side by side in one browser: each page acts on its own."""

import pytest
from django.urls import reverse

from clinicians.actions import claim
from clinicians.models import ReviewEvent
from tests.cast import NOW, Cast, make_cast, signed_in

NOTE = "Rang; will call back at noon."


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_pages_of_two_patients_side_by_side_never_mix(cast: Cast):
    """A form acts on the case of its own address, whatever was opened after it."""
    first, second = cast.flagged(), cast.flagged()
    for case in (first, second):
        claim(episode=case, by=cast.alice, at=NOW)
    client = signed_in(cast.alice)
    pages = {
        case: client.get(reverse("clinicians:case", args=[case.id])).content.decode()
        for case in (first, second)
    }
    for case, other in ((first, second), (second, first)):
        assert case.patient.family_name in pages[case]
        assert other.patient.family_name not in pages[case]
        assert str(other.id) not in pages[case]
    # The form of the tab that was opened first is sent last.
    form = reverse("clinicians:note", args=[first.id])
    assert f'action="{form}"' in pages[first]
    client.post(form, {"text": NOTE})
    notes = ReviewEvent.objects.filter(kind="NOTE")
    assert [(row.episode_id, row.detail) for row in notes] == [(first.id, NOTE)]
    assert "current" not in " ".join(client.session.keys())
