"""What there is to read afterwards: whole, sourced, plain, and the same for everyone."""

from itertools import product

import pytest

from screening import definitions
from screening.definitions import care, problems, topics_after
from screening.domain.reading import WRITTEN
from screening.language import reading

LANGUAGES = ["en", "es-US"]
HARDEST = 6  # school grade, about eleven to twelve years of age


def blocks(language):
    """What is read in one go, each under its heading."""
    texts = care(language)
    for said in texts.expect.values():
        yield (said.title, *said.points)
    for topic in texts.topics.values():
        for part in topic.parts:
            yield (part.heading, *part.points)
    yield tuple(texts.asked.values())
    pages = definitions.pages(language)
    for page, key in (("done", "next"), ("done", "means"), ("done", "score")):
        yield pages[page][key]
    yield (*pages["call"]["paragraphs"], pages["call"]["live"])
    yield (*pages["call"]["asked"], pages["call"]["live"])
    yield (*pages["report"]["paragraphs"], pages["report"]["words_hint"])


def sentences(block):
    return " ".join(
        one if one.endswith((".", "?", "!")) else f"{one}." for one in block
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_can_be_read_at_eleven_or_twelve(language):
    hard = [
        (round(found, 1), block)
        for block in blocks(language)
        if (found := reading.grade(sentences(block), language[:2])) > HARDEST
    ]
    assert hard == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_honest_about_review_and_name_their_sources(language):
    texts = care(language)
    assert texts.review_state == WRITTEN
    assert texts.as_of.isoformat() == "2026-11-01"
    assert all(topic.sources for topic in texts.topics.values())
    assert all(said.source for said in texts.expect.values())


def test_every_questionnaire_for_patients_has_its_words_in_every_language():
    shipped = {i.id for i in definitions.load_all().values() if i.self_administered}
    for language in LANGUAGES:
        assert set(care(language).asked) == shipped


@pytest.mark.parametrize(
    ("asked", "topics"),
    [
        (["phq-9", "gad-7"], ["mood", "worry", "sleep", "self-care"]),
        (["phq-9"], ["mood", "sleep", "self-care"]),
        (["gad-7"], ["worry", "self-care"]),
        (["phq-4"], ["mood", "worry", "self-care"]),
        (["asq"], []),
        ([], []),
    ],
)
def test_topics_follow_from_what_was_asked_alone(asked, topics):
    for language in LANGUAGES:
        assert [topic.id for topic in topics_after(asked, language)] == topics


@pytest.mark.parametrize(
    ("file", "path", "value", "place", "reason"),
    [
        (
            "care/en.json",
            ("as_of",),
            "soon",
            "as_of",
            "must be a month such as 2026-11",
        ),
        ("care/en.json", ("language",), "fr", "language", "must be en, as the"),
        (
            "care/en.json",
            ("topics", "mood", "sources"),
            [],
            "topics.mood.sources",
            "needs at",
        ),
        ("care/en.json", ("expect", "fax"), {}, "expect.fax", "unknown key"),
        (
            "rules/reading.json",
            ("offers", 0, "topic"),
            "joy",
            "offers joy",
            "no such topic",
        ),
        (
            "rules/reading.json",
            ("offers", 0, "page"),
            0,
            "offers[0].page",
            "must be at least 1",
        ),
        (
            "rules/reading.json",
            ("offers", 0, "page"),
            2,
            "offers",
            "two topics have one page",
        ),
        (
            "rules/reading.json",
            ("offers", 0, "after"),
            [],
            "offers[0].after",
            "needs at",
        ),
        (
            "rules/reading.json",
            ("offers", 0, "after"),
            ["phq-7"],
            "offers mood",
            "no instrument",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(
    tree, page_file, file, path, value, place, reason
):
    tree.write("pages/en.json", page_file())
    tree.change(file, path, value)
    ((where, at, why),) = ((p.file, p.place, p.reason) for p in problems(tree.root))
    assert (where, at) == (file, place)
    assert reason in why


def test_each_language_of_the_pages_has_its_help_texts(tree, page_file):
    for language in ("en", "es-US"):
        tree.write(f"pages/{language}.json", page_file(language))
    assert problems(tree.root) == []
    texts = tree.read("care/es-US.json")
    del texts["topics"]["sleep"]
    tree.write("care/es-US.json", texts)
    found = {(p.file, p.place) for p in problems(tree.root)}
    assert found == {
        ("care/es-US.json", "topics.sleep"),
        ("rules/reading.json", "offers sleep"),
    }
    tree.path("care/es-US.json").unlink()
    assert ("care/es-US.json", "top") in {
        (p.file, p.place) for p in problems(tree.root)
    }


def test_no_page_to_read_names_a_treatment():
    words = (
        "medic",
        "therap",
        "terapi",
        "antidep",
        "dose",
        "dosis",
        "pill",
        "pastilla",
    )
    found = [
        (word, point)
        for language, word in product(LANGUAGES, words)
        for topic in care(language).topics.values()
        for part in topic.parts
        for point in part.points
        if word in point.lower()
    ]
    assert found == []
