"""Free words to a proposal, a question back, a refusal or nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.instruments import Instrument
from screening.language import interpret
from screening.language.interpret import AskBack, Declined, Proposed, Unclear
from tests.screening.language.cast import cases, item_of
from tests.screening.language.test_safety import STRANGE

ZERO = {
    "en": "never,not at all,none,zero,no,not once,zero days,not a single day,nothing",
    "es-US": "nunca,nada,jamás,ninguno,para nada,cero,no,ni un día,ningún día,cero días",
}
CONTENT = {
    "en": "I cry,stop,I can't sleep,worse,rest,good days,without it,worrying,hope,"
    "interest,I feel awful,without crying,energy,patience,quiet,better,happy,end",
    "es-US": "lloro,duermo,valgo,ganas,peor,descanso,días buenos,sin llorar,esperanza,"
    "interés,me siento mal,energía,paciencia,paz,mejor,feliz,acaba,me gusta",
}


def meaning(text: str, language: str = "en", concept: str = "mood"):
    item, instrument = item_of(concept, language)
    return interpret.interpret(text, instrument, item)


def outcome(found: interpret.Meaning) -> str:
    match found:
        case Proposed(value=value):
            return str(value)
        case AskBack():
            return "ask"
        case Declined():
            return "declined"
        case Unclear():
            return "unclear"


@pytest.mark.parametrize("concept", ["mood", "nervous"])
@pytest.mark.parametrize("language", ["en", "es-US"])
def test_interpret_official_option_typed_out(language, concept):
    item, instrument = item_of(concept, language)
    for option in item.options:
        for text in (option.text, option.text.upper(), f"  {option.text}. "):
            found = interpret.interpret(text, instrument, item)
            assert found == Proposed(option.value, "official")


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_interpret_official_difficulty_typed_out(language):
    item, instrument = item_of("functional_difficulty", language)
    for option in item.options:
        found = interpret.interpret(option.text, instrument, item)
        assert found == Proposed(option.value, "official")


@pytest.mark.parametrize(
    "case", cases("interpret"), ids=lambda case: f"{case['lang']}-{case['text'][:40]}"
)
def test_interpret_labelled_reply(case):
    concept = case.get("concept", "mood")
    found = meaning(case["text"], case["lang"], concept)
    assert outcome(found) == case["outcome"], found


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("language", ["en", "es-US"])
def test_interpret_strange_text_is_quick_and_never_an_answer(text, language):
    meaning("warm", language)
    began = time.process_time()
    assert not isinstance(meaning(text, language), Proposed)
    interpret.is_question(text, language)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("concept", ["mood", "functional_difficulty"])
@pytest.mark.parametrize("language", ZERO)
@given(data=st.data())
def test_interpret_zero_word_beside_content_is_never_zero(language, concept, data):
    zero = data.draw(st.sampled_from(ZERO[language].split(",")))
    content = data.draw(st.sampled_from(CONTENT[language].split(",")))
    parts = data.draw(st.permutations([zero, content]))
    text = data.draw(st.sampled_from([" ", ", ", ". "])).join(parts)
    found = meaning(text, language, concept)
    assert not (isinstance(found, Proposed) and found.value == 0), (text, found)


@given(st.text(max_size=300), st.sampled_from(["en", "es-US"]))
def test_interpret_never_fails(text, language):
    found = meaning(text, language)
    assert isinstance(found, (Proposed, AskBack, Declined, Unclear))
    interpret.is_question(text, language)


GOOD = {
    "en": "good happy fine calm well relaxed rested safe great peaceful",
    "es-US": "bien feliz contenta tranquilo calmada alegre a-gusto relajado",
}
DENIED_GOOD = {
    "en": [
        "never {good}",
        "I never feel {good}",
        "I didn't feel {good} one day",
        "not {good} at all",
        "I haven't been {good} once",
        "not a single {good} day",
        "none of the days were {good}",
        "I wasn't {good} any of the days",
        "no day was {good}",
        "zero {good} days",
    ],
    "es-US": [
        "nunca estoy {good}",
        "no me he sentido {good} ni un día",
        "nada {good}",
        "ningún día estuve {good}",
        "no estuve {good} para nada",
        "jamás {good}",
        "ni un día {good}",
        "cero días {good}",
    ],
}
DAILY = {
    "en": ["every day", "all the time", "nearly every day", "most days", "12 days"],
    "es-US": ["todos los días", "siempre", "casi diario", "la mayoría", "12 días"],
}
CONCEPTS = ["mood", "sleep", "energy", "nervous", "trouble_relaxing", "afraid"]


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("language", GOOD)
def test_interpret_good_that_is_denied_is_never_zero(language, concept):
    for good in GOOD[language].split():
        for template in DENIED_GOOD[language]:
            text = template.format(good=good.replace("-", " "))
            found = meaning(text, language, concept)
            assert not isinstance(found, Proposed), (text, found)


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("language", GOOD)
def test_interpret_good_that_is_frequent_is_never_a_problem(language, concept):
    feel = {"en": "I felt {} {}", "es-US": "me sentí {} {}"}[language]
    for good in GOOD[language].split():
        for often in DAILY[language]:
            for text in (feel.format(good, often), f"{often} {good}"):
                found = meaning(text.replace("-", " "), language, concept)
                assert not isinstance(found, Proposed), (text, found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What does this mean?", "en"),
        ("does it count if I had the flu?", "en"),
        ("my dog died, does that count?", "en"),
        ("what do you mean by on edge", "en"),
        ("can you explain", "en"),
        ("I don't understand the question", "en"),
        ("¿qué significa esto?", "es-US"),
        ("¿cuenta si estuve enferma?", "es-US"),
        ("no entiendo la pregunta", "es-US"),
        ("me puede explicar", "es-US"),
    ],
)
def test_is_question_true(text, language):
    assert interpret.is_question(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("several days?", "en"),
        ("3 days", "en"),
        ("I don't sleep much", "en"),
        ("prefer not to say", "en"),
        ("", "en"),
        ("¿varios días?", "es-US"),
        ("casi todos los días", "es-US"),
        ("no duermo", "es-US"),
    ],
)
def test_is_question_false(text, language):
    assert not interpret.is_question(text, language)


def test_interpret_asq_takes_yes_no_and_refusal_only():
    item, instrument = item_of("killing_self")
    said = {text: interpret.interpret(text, instrument, item) for text in YES_NO}
    assert {text: outcome(found) for text, found in said.items()} == YES_NO


YES_NO = {
    "Yes": "1",
    "no": "0",
    "yeah": "1",
    "I'd rather not say": "declined",
    "maybe": "unclear",
    "several days": "unclear",
}


def test_interpret_reads_the_language_of_the_instrument():
    item, instrument = item_of("mood", "es-US")
    assert isinstance(instrument, Instrument)
    assert outcome(interpret.interpret("once días", instrument, item)) == "2"
