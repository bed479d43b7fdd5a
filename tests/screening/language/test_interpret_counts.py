"""Every number of days in every phrasing: the arithmetic of the fourteen days."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.language import interpret
from screening.language.interpret import AskBack, Proposed
from tests.screening.language.cast import item_of

WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen",
    "es-US": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce "
    "trece catorce",
}
WHOLE = {  # n is said of the two weeks
    "en": [
        "{n} days",
        "{n} out of 14",
        "{n} of 14 days",
        "{n} out of the 14 days",
        "{n}/14",
        "{n} / 14 days",
        "{n} of the fourteen days",
        "{n} out of fourteen",
        "{n} outta 14",
        "{n} days out of 14",
        "{n} days outta the 14",
        "{n} in 14 days",
        "{n} days out of the two weeks",
        "{n} of the last two weeks",
        "{n} days of the last 2 weeks",
        "{n} days in the last two weeks",
        "{n} days over the past couple of weeks",
        "{n} days during these two weeks",
        "in the past 2 weeks it was {n} days",
        "out of 14 days I'd say {n}",
        "of the 14 days, {n}",
        "on {n} days",
        "on {n} of those days",
        "it happened {n} days out of the last 14",
        "about {n} days",
        "maybe {n} days",
        "like {n} days",
        "probably {n} days",
        "I would say {n} days",
        "I think {n} days",
        "I counted {n} days",
        "{n} days or so",
        "{n} days total",
        "{n} days altogether",
        "{n} days, give or take",
        "{n} nights",
        "around {n} of the days",
        "exactly {n} days",
        "{n} DAYS!!!",
        "it was {n} days lol",
        "for {n} days",
        "a total of {n} days",
        "{n} days for sure",
        "{n} days tops",
        "I'm guessing {n} days",
        "if I had to guess {n} days",
        "{n} days from what I remember",
        "{n} days if I remember right",
        "I want to say {n} days",
        "let's go with {n} days",
        "put me down for {n} days",
        "I felt that way {n} days",
        "hmm, {n} days?",
        "in the last 14 days maybe {n}",
        "{n} days in a row",
    ],
    "es-US": [
        "{n} días",
        "{n} dias",
        "{n} de 14",
        "{n} de los 14 días",
        "{n} de los catorce",
        "{n} días de los catorce",
        "{n} días de 14",
        "{n}/14",
        "{n} / 14 días",
        "unos {n} días",
        "como {n} días",
        "quizás {n} días",
        "yo diría {n} días",
        "creo que {n} días",
        "fueron {n} días",
        "conté {n} días",
        "{n} días en las últimas dos semanas",
        "{n} días de las dos semanas",
        "en las últimas 2 semanas fueron {n} días",
        "de los 14 días, {n}",
        "aproximadamente {n} días",
        "me pasó {n} días",
        "{n} días nomás",
        "nada más {n} días",
        "{n} días más o menos",
        "{n} días en total",
        "{n} noches",
        "{n} de esos días",
        "exactamente {n} días",
        "{n} DIAS",
        "por {n} días",
        "un total de {n} días",
        "serían como {n} días",
        "cerca de {n} días",
        "{n} días por ahí",
        "{n} días o algo así",
        "{n} días según yo",
        "si no mal recuerdo {n} días",
        "{n} días si no me equivoco",
        "digamos que {n} días",
        "póngale {n} días",
        "me sentí así {n} días",
        "tuve {n} días malos",
        "en 14 días, {n}",
        "{n} días probablemente",
    ],
}
LEFT = {  # n days are left out
    "en": ["all but {n} days", "every day except {n}", "every day but {n} days"],
    "es-US": ["todos los días menos {n}", "diario menos {n} días"],
}
VALUE = {0: 0, **dict.fromkeys(range(2, 7), 1), **dict.fromkeys(range(8, 12), 2)}
VALUE |= dict.fromkeys(range(12, 15), 3)  # 1 and 7 are asked about


def meaning(text, language, concept="mood"):
    item, instrument = item_of(concept, language)
    return interpret.interpret(text, instrument, item)


def check(text, language, days, concept="mood"):
    """The option of so many days, or a question back where two would fit."""
    found = meaning(text, language, concept)
    if days in VALUE:
        assert isinstance(found, Proposed), (text, found)
        assert found.value == VALUE[days], (text, found)
    else:
        assert isinstance(found, AskBack), (text, found)


@pytest.mark.parametrize("language", WHOLE)
@pytest.mark.parametrize("n", range(15))
def test_interpret_every_number_of_days_in_every_phrasing(language, n):
    """All of them for one item; for two more a fourth each, another for each number."""
    for at, template in enumerate(WHOLE[language]):
        for number in (str(n), WORDS[language].split()[n]):
            text = template.format(n=number)
            check(text, language, n)
            if at % 4 == n % 4:
                check(text, language, n, ("sleep", "nervous")[n % 2])


MISSPELT = {
    "en": "2:twoo 3:thre,tree 4:foru,fore,fourr 5:fiv,fve 6:sixx,siks 7:sevn,seveen "
    "8:eigt,eihgt 9:nien,nyne 10:tenn 11:elevn 12:twelv 13:thirten 14:forteen",
    "es-US": "2:doss,doz 3:trez,tress 4:quatro,cuatr 5:sinco,cnco 6:seiz,ceis "
    "7:ciete,siet 8:osho,ochoo 9:nuebe,nueev 10:dies 11:onse 12:dose 13:trese "
    "14:catorse",
}


@pytest.mark.parametrize("language", MISSPELT)
def test_interpret_misspelt_number_words(language):
    days = {"en": "days", "es-US": "días"}[language]
    for group in MISSPELT[language].split():
        n, spellings = group.split(":")
        for word in spellings.split(","):
            check(f"{word} {days}", language, int(n))


@pytest.mark.parametrize("language", LEFT)
@pytest.mark.parametrize("n", range(2, 13))
def test_interpret_every_number_of_days_left_out(language, n):
    for template in LEFT[language]:
        for number in (str(n), WORDS[language].split()[n]):
            check(template.format(n=number), language, 14 - n)


@pytest.mark.parametrize("n", range(1, 8))
def test_interpret_days_a_week_are_doubled(n):
    for text, language in (
        (f"{n} days a week", "en"),
        (f"about {n} nights per week", "en"),
        (f"{n} days each week", "en"),
        (f"{n} out of 7 days", "en"),
        (f"{n} días a la semana", "es-US"),
        (f"{n} veces por semana", "es-US"),
        (f"{n} dias x semana", "es-US"),
    ):
        check(text, language, 2 * n)


@given(st.integers(0, 7), st.integers(0, 7))
def test_interpret_adds_two_weeks_told_apart(first, second):
    total = first + second
    if first and second:
        check(f"{first} days last week and {second} this week", "en", total)
        check(f"{first} días la semana pasada y {second} esta semana", "es-US", total)


@given(st.integers(2, 7))
def test_interpret_a_whole_week_and_some_days(n):
    check(f"all of last week and {n} days this week", "en", 7 + n)
    check(f"toda la semana pasada y {n} días de esta semana", "es-US", 7 + n)


@given(st.integers(0, 14), st.integers(0, 14), st.sampled_from(["to", "or", "-"]))
def test_interpret_range_is_one_option_only_if_all_its_days_are(low, high, joined):
    low, high = sorted((low, high))
    found = meaning(f"{low} {joined} {high} days", "en")
    possible = {VALUE.get(n, -n) for n in range(low, high + 1)}
    assert isinstance(found, Proposed) == (len(possible) == 1 and min(possible) >= 0)


@given(st.integers(15, 99))
def test_interpret_more_days_than_there_are_is_asked_about(n):
    for text, language in ((f"{n} days", "en"), (f"{n} días", "es-US")):
        assert isinstance(meaning(text, language), AskBack)
