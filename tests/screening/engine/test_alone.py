"""Where a language has no short form, the longer one is asked whole, from the start."""

from dataclasses import replace

import pytest

from clinicians.presenters.results import screenings
from core.models import AuditEvent, Clinic
from records.presenters import served_rows
from screening import actions, definitions
from screening.domain import dialogue
from screening.models import Administration, Answer, Definition, Score
from screening.presenters import moved_to
from tests.screening.conftest import ITEM_9, NOW, Walk

ITEM_1 = "/44250-9"
PHQ_2 = (ITEM_1, "/44255-8")


@pytest.fixture(autouse=True)
def _stepping(clinic: Clinic) -> None:
    Clinic.objects.update(step_up=True)
    clinic.refresh_from_db()


def switch(walking: Walk, language: str) -> None:
    actions.switch_language(screening=walking.screening, language=language, at=NOW)


def planned() -> list[tuple[str, str, object]]:
    rows = Administration.objects.order_by("position").select_related("definition")
    return [
        (row.definition.instrument_id, row.definition.language, row.follows)
        for row in rows
    ]


def asked(walking: Walk) -> list[int]:
    return [step.part for step in dialogue.steps(walking.sitting().dialogue())]


@pytest.mark.parametrize("battery", [["phq-2", "gad-2"], ["phq-4"], ["phq-2", "phq-9"]])
def test_there_and_back_again(walk, battery):
    walking = walk(battery=battery)
    before, path = planned(), asked(walking)
    switch(walking, "es-US")
    there = planned()
    assert [name for name, _, _ in there] == [name for name, _, _ in before]
    assert {lang for name, lang, _ in there if name in ("phq-9", "gad-7")} == {"es-US"}
    # Nothing of a short form is asked, and all of each longer one.
    parts = asked(walking)
    short = {
        i for i, (name, _, _) in enumerate(there) if name not in ("phq-9", "gad-7")
    }
    assert short
    assert not short & set(parts)
    assert parts.count(1) >= 7
    switch(walking, "en")
    assert (planned(), asked(walking)) == (before, path)
    noted = AuditEvent.objects.filter(kind="LANGUAGE_SWITCHED").order_by("seq")
    assert [line.detail["to"] for line in noted] == ["es-US", "en"]
    assert noted[0].detail["followed"] == [
        i for i in range(len(there)) if i not in short
    ]


def test_it_is_answered_and_read_as_the_longer_form(walk, clinic: Clinic):
    walking = walk(battery=["phq-2"])
    switch(walking, "es-US")
    walking.answer_all(2, death_or_self_harm=0)
    walking.submit()
    scores = Score.objects.filter(administration__screening=walking.screening)
    totals = {one.instrument_id: one.total for one in scores}
    assert totals == {"phq-2": None, "phq-9": 16}
    assert set(walking.flags()) == {"phq-9-cut", "phq-9-moderately-severe"}
    assert not Answer.objects.filter(origin="KEPT").exists()
    (view,) = screenings([walking.screening.id], clinic.zone)
    short, long = view.administrations
    assert short.score.title == "PHQ-2 (not asked)"
    assert short.score.note.startswith("Nothing of it was asked: the patient chose")
    assert (long.score.title, long.score.total) == ("PHQ-9", "16")
    left = [row.definition.instrument_id for row in served_rows(clinic)]
    assert left == ["phq-9"]


def test_item_9_on_a_page_from_before_is_flagged_where_it_stands(walk):
    walking = walk(battery=["phq-2"])
    english = walking.sitting().administration(1).definition_id
    switch(walking, "es-US")
    taken = walking.tap(ITEM_9, 1, position=1, asked_as=english)
    assert taken.outcome.to == "safety"
    assert walking.flags() == ["item-9"]
    assert Answer.objects.get().asked_as_id == english


def test_words_on_a_page_from_before_are_read_and_confirmed_in_the_longer_form(walk):
    walking = walk(battery=["phq-2"])
    english = walking.sitting().administration(0).definition_id
    switch(walking, "es-US")
    taken = walking.say(ITEM_1, words="nearly every day", asked_as=english)
    assert (taken.outcome.to, taken.outcome.position) == ("confirm", 1)
    assert taken.outcome.values == (3,)


def test_what_was_begun_stays_with_its_short_form(walk):
    walking = walk(battery=["phq-2"])
    walking.tap(ITEM_1, 0)
    before = planned()
    switch(walking, "es-US")
    assert planned() == before


def test_policy_may_leave_both_as_they_are(walk, monkeypatch: pytest.MonkeyPatch):
    rules = tuple(replace(rule, alone=False) for rule in definitions.step_rules())
    monkeypatch.setattr("screening.definitions.step_rules", lambda: rules)
    walking = walk(battery=["phq-2"])
    before = planned()
    switch(walking, "es-US")
    assert planned() == before


def test_no_longer_form_either_leaves_both(walk, monkeypatch: pytest.MonkeyPatch):
    known = dict(definitions.load_all())
    del known["phq-9", "es-US"]
    monkeypatch.setattr("screening.definitions.loading.load_all", lambda: known)
    walking = walk(battery=["phq-2"])
    before = planned()
    switch(walking, "es-US")
    assert planned() == before
    assert Definition.objects.filter(language="es-US").count() == 0


def test_page_of_a_short_form_with_two_longer_ones_finds_the_right_one(walk):
    """The PHQ-4 stands for the first items of the PHQ-9 and of the GAD-7."""
    walking = walk(battery=["phq-4"])
    english = walking.sitting().administration(0)
    switch(walking, "es-US")
    sitting = walking.sitting()
    for item in english.instrument.items:
        taken = walking.tap(item.link_id, 1, asked_as=english.definition_id)
        assert taken.outcome.note == "other-language"
        where = sitting.instrument(taken.outcome.position).id
        assert where == ("phq-9" if item.link_id in PHQ_2 else "gad-7")
        there = f"/question/{taken.outcome.position + 1}/{taken.outcome.number}/"
        assert moved_to(sitting, 0, item.number) == there
    assert Answer.objects.count() == 4
