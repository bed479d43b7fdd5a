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

WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen",
    "es-US": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce "
    "trece catorce",
}
TEMPLATES = {
    "en": [
        "{n} days",
        "{n} out of 14",
        "{n} of 14 days",
        "{n} out of the 14 days",
        "about {n} days",
        "maybe {n} days",
        "I would say {n} days",
        "{n} days in the last two weeks",
        "in the past 2 weeks it was {n} days",
        "on {n} days",
        "it happened {n} days out of the last 14",
        "{n} days or so",
        "{n}/14",
        "{n} of the 14 days",
        "{n} days out of 14",
        "around {n} of the days",
    ],
    "es-US": [
        "{n} días",
        "{n} de 14",
        "{n} de los 14 días",
        "unos {n} días",
        "como {n} días",
        "quizás {n} días",
        "{n} días en las últimas dos semanas",
        "en las últimas 2 semanas fueron {n} días",
        "{n} días de 14",
        "{n}/14",
        "aproximadamente {n} días",
        "me pasó {n} días",
    ],
}
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
MAPPING = {0: 0, **dict.fromkeys(range(2, 7), 1), **dict.fromkeys(range(8, 12), 2)}
MAPPING |= dict.fromkeys(range(12, 15), 3)


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


@pytest.mark.parametrize("language", TEMPLATES)
@pytest.mark.parametrize("n", range(15))
def test_interpret_every_number_of_days_in_every_phrasing(language, n):
    for template in TEMPLATES[language]:
        for number in (str(n), WORDS[language].split()[n]):
            found = meaning(template.format(n=number), language)
            if n in MAPPING:
                assert found == Proposed(MAPPING[n], found.why), (template, number)
            else:
                assert isinstance(found, AskBack), (template, number, found)


@pytest.mark.parametrize("n", range(1, 8))
def test_interpret_days_a_week_are_doubled(n):
    expected = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3}[n]
    for text, language in (
        (f"{n} days a week", "en"),
        (f"about {n} nights per week", "en"),
        (f"{n} días a la semana", "es-US"),
        (f"{n} veces por semana", "es-US"),
    ):
        assert outcome(meaning(text, language)) == str(expected), text


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
    began = time.perf_counter()
    assert not isinstance(meaning(text, language), Proposed)
    interpret.is_question(text, language)
    assert time.perf_counter() - began < 1


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


@given(st.integers(0, 14), st.integers(0, 14))
def test_interpret_range_is_one_option_only_if_all_its_days_are(low, high):
    low, high = sorted((low, high))
    found = meaning(f"{low} to {high} days")
    possible = {MAPPING.get(n, -n) for n in range(low, high + 1)}
    assert isinstance(found, Proposed) == (len(possible) == 1 and min(possible) >= 0)


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
