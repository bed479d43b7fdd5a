"""The ASQ is asked by staff; and staff and patient get the same score and flags."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.domain import dialogue
from screening.models import Episode, Score
from screening.models.sitting import load
from tests.screening.conftest import ITEM_9, NOW

ASQ = [f"asq-{number}" for number in range(1, 6)]


def triage(answers: tuple[int | None, ...]) -> tuple[str, str | None]:
    """What the ASQ's own table says: (outcome, flag of the first four)."""
    first, now = answers[:4], answers[4]
    if all(value == 0 for value in first):
        return "Negative screen", None
    return ("Non-acute" if now == 0 else "Acute") + " positive screen", "URGENT"


@pytest.mark.parametrize("answers", list(product([0, 1], repeat=5)))
def test_asq_of_every_outcome(begin, patient, answers):
    desk = begin("asq")
    for link_id, value in zip(ASQ[:4], answers, strict=False):
        desk.enter(link_id, value)
    outcome, tier = triage(answers)
    asked = [s.link_id for s in dialogue.steps(load(desk.screening.id).dialogue())]
    assert ("asq-5" in asked) == (tier is not None)
    if tier:
        desk.enter("asq-5", answers[4])
    desk.submit()
    assert Score.objects.get().detail["triage"] == outcome
    episode = Episode.objects.filter(patient=patient).first()
    assert (episode.tier if episode else None) == tier


def test_a_refused_asq_question_is_urgent_and_asks_the_last_one(begin, patient):
    desk = begin("asq")
    desk.enter("asq-1", None)
    assert desk.flags() == ["asq-refused"]
    assert Episode.objects.get(patient=patient).tier == "URGENT"
    for link_id in ASQ[1:4]:
        desk.enter(link_id, 0)
    assert desk.submit().outcome.link_id == "asq-5"


def test_asq_joins_the_open_case_and_never_lowers_it(begin, patient):
    begin("phq-9").enter(ITEM_9, 1)
    desk = begin("asq")
    for link_id in ASQ[:4]:
        desk.enter(link_id, 0)
    desk.submit()
    episode = Episode.objects.get(patient=patient)
    assert (episode.tier, episode.flags.count()) == ("URGENT", 1)
    begin("asq", answered_at=NOW - timedelta(minutes=1)).enter("asq-2", 1)
    assert episode.flags.count() == 2


VALUES = st.one_of(st.none(), st.integers(0, 3))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=16, max_size=16))
def test_staff_and_patient_get_the_same_score_and_flags(walk, begin, values):
    """Other scores of the patient are not compared: each has a history of its own."""
    sitting = walk()
    desk = begin()
    for how in (sitting, desk):
        how.at = NOW
    parts = load(desk.screening.id).administrations
    links = [(p, i.link_id) for p in (0, 1) for i in parts[p].instrument.scored_items]
    for (position, link_id), value in zip(links, values, strict=True):
        desk.enter(link_id, value, position)
        said = {"declined": True} if value is None else {"value": value}
        sitting.say(link_id, position=position, **said)
    for how in (sitting, desk):
        while step := dialogue.first_open(load(how.screening.id).dialogue()):
            (how.tap if how is sitting else how.enter)(
                step.link_id, 0, position=step.part
            )
        how.submit()

    def made(one):
        rows = Score.objects.filter(administration__screening=one.screening)
        return [row.detail for row in rows.order_by("instrument_id")]

    assert made(sitting) == made(desk)
    rules = [r for r in sitting.flags() if not r.startswith("worsening")]
    assert rules == [r for r in desk.flags() if not r.startswith("worsening")]
