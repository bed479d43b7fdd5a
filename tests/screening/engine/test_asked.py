"""A question open in one language and answered after another window switched it."""

import json
import uuid
from dataclasses import replace

import pytest

from screening import actions, definitions
from screening.models import Answer, Definition, Flag
from tests.screening.conftest import ITEM_9, NOW, Walk

ITEM_1 = "/44250-9"


def shown(walking: Walk, position: int = 0) -> uuid.UUID:
    """What a page that is open now says it showed."""
    found: uuid.UUID = walking.sitting().administration(position).definition_id
    return found


def switch(walking: Walk, language: str = "es-US") -> None:
    actions.switch_language(screening=walking.screening, language=language, at=NOW)


def test_answer_keeps_the_words_that_were_read_and_is_shown_once_more(walking: Walk):
    english, key = shown(walking), walking.key(0, ITEM_1)
    switch(walking)
    taken = walking.tap(ITEM_1, 2, asked_as=english, key=key)
    assert (taken.outcome.to, taken.outcome.note) == ("question", "other-language")
    assert taken.outcome.link_id == ITEM_1
    answer = Answer.objects.get()
    assert (answer.value, answer.asked_as_id) == (2, english)
    again = walking.tap(ITEM_1, 2, asked_as=english, key=key)
    assert again.outcome == taken.outcome
    assert Answer.objects.count() == 1  # the same page sent twice

    # Looked at in Spanish and left as it was: from now on it is an answer in Spanish.
    onward = walking.tap(ITEM_1, 2, asked_as=shown(walking))
    assert (onward.outcome.number, onward.outcome.note) == (2, "")
    assert walking.sitting().given[0][ITEM_1].asked_as is None
    assert Answer.objects.order_by("seq").first().asked_as_id == english


def test_item_9_counts_is_flagged_in_the_words_read_and_leads_to_help(walking: Walk):
    english = shown(walking)
    switch(walking)
    taken = walking.tap(ITEM_9, 1, asked_as=english)
    assert taken.outcome.to == "safety"
    assert Answer.objects.get().asked_as_id == english
    said = json.loads(Flag.objects.get().evidence)
    assert said["item_text"].startswith("Thoughts that you would be better off")
    assert said["option_text"] == "Several days"


@pytest.mark.parametrize("which", ["none", "unknown", "another form's", "lacks it"])
def test_page_that_names_no_words_of_this_form_loses_no_answer(
    walking: Walk, which: str
):
    named: dict[str, uuid.UUID | None] = {
        "none": None,
        "unknown": uuid.uuid4(),
        "another form's": shown(walking, 1),
    }
    if which == "lacks it":
        # As an older version may be: it has no such item.
        gad = Definition.objects.get(id=shown(walking, 1))
        row = Definition.objects.create(
            instrument_id="phq-9",
            version="0",
            language="en",
            checksum=gad.checksum,
            content=gad.content,
            created_at=NOW,
        )
        named[which] = row.id
    switch(walking)
    taken = walking.tap(ITEM_1, 3, asked_as=named[which])
    assert (taken.outcome.number, taken.outcome.note) == (2, "")
    answer = Answer.objects.get()
    assert (answer.value, answer.asked_as_id) == (3, None)


def test_typed_words_are_read_in_the_language_of_the_page(walking: Walk):
    english = shown(walking)
    switch(walking)
    taken = walking.say(ITEM_1, words="nearly every day", asked_as=english)
    assert (taken.outcome.to, taken.outcome.values) == ("confirm", (3,))
    doubted = walking.say(
        ITEM_1, words="nearly every day", value=0, asked_as=english, key="0.doubt"
    )
    assert doubted.outcome.note == "tapped_and_typed"
    assert Answer.objects.get().asked_as_id == english


def test_what_is_kept_for_a_longer_form_keeps_its_words_too(
    walk, patient, monkeypatch: pytest.MonkeyPatch
):
    known = definitions.load_all()
    # The same words under another language's name are enough to be told apart.
    made = {
        (form, "es-US"): replace(known[form, "en"], language="es-US")
        for form in ("phq-2", "phq-9")
    }
    monkeypatch.setattr(
        "screening.definitions.loading.load_all", lambda: {**known, **made}
    )
    patient.clinic.step_up = True
    patient.clinic.save()
    walking = walk(battery=["phq-2"])
    english = shown(walking)
    switch(walking)
    walking.tap(ITEM_1, 3, asked_as=english)
    walking.answer_all(1)
    walking.submit()
    kept = Answer.objects.get(origin=Answer.Origin.KEPT, link_id=ITEM_1)
    assert kept.asked_as_id == english


def test_first_answer_in_the_words_of_the_form_names_none(walking: Walk):
    walking.tap(ITEM_1, 1, asked_as=shown(walking))
    assert Answer.objects.get().asked_as_id is None
