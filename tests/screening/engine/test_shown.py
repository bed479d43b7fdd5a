"""What a clinic's own library costs a turn: nothing once its text was on a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Role
from screening import actions
from screening.domain.wordings import Level
from screening.language import library
from screening.models import Answer
from tests.cast import make_user
from tests.screening.conftest import NOW, Walk
from tests.wordings import draft, shipped

ITEM_1, ITEM_4 = "/44250-9", "/44254-1"


@pytest.mark.parametrize(("own", "seen", "limit"), [(0, 1, 6), (1, 1, 6), (1, 0, 7)])
def test_answer_beneath_other_words_keeps_to_the_turns_budget(
    walking: Walk, own, seen, limit
):
    text = draft() if own else shipped()
    clinic = walking.screening.clinic
    clinic.wording_policy = "gated"
    if own:
        actions.propose(
            clinic=clinic, draft=text, by=make_user(clinic, Role.CLINICIAN), at=NOW
        )
    walking.tap(ITEM_1, 0)
    if seen:
        instrument = walking.sitting().instrument(0)
        shown = library.find(clinic, instrument.item(ITEM_4), instrument)
        assert shown[Level.PLAIN].text == text.text
    name = f"{text.key}@{text.checksum[:12]}"
    key = walking.key(0, ITEM_4)
    with CaptureQueriesContext(connection) as caught:
        walking.tap(ITEM_4, 1, key=key, shown={"wordings": [name]})
    asked = [one["sql"] for one in caught if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= limit
    answer = Answer.objects.get(link_id=ITEM_4)
    assert answer.shown["texts"] == {name: text.text}
