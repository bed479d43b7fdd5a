"""Drawing a PDF: any text fits, nothing is lost in silence, headings keep company."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicians.presenters.paper import Block, Paper
from clinicians.presenters.pdf import LOST, PAGES, STYLES, UNKNOWN, draw
from tests.support.pdf import page_count, pages_text, tags

AT = datetime(2026, 9, 15, 14, tzinfo=UTC)


def drawn(*blocks: Block, top: str = "Ana Núñez · born 1985-03-14") -> bytes:
    return draw(Paper(top=top, foot="Riverside", made_at=AT, blocks=blocks))


def test_spanish_and_marks_are_kept():
    words = "¿Qué tan difícil? “Sí”, señora – (más) \\ 50 % … ñ ü ¡"
    assert words in pages_text(drawn(Block("text", words)))[0]


def test_what_the_font_has_not_is_marked_and_said():
    text = "\n".join(pages_text(drawn(Block("said", "漢 and \u202eso\u0007 on"))))
    assert f"{UNKNOWN} and so on" in text
    assert LOST in text


def test_tab_still_parts_two_words():
    assert "one two" in pages_text(drawn(Block("text", "one\ttwo")))[0]


def test_nothing_is_said_where_nothing_is_lost():
    assert LOST not in "\n".join(pages_text(drawn(Block("text", "Plain."))))


def test_long_text_goes_on_over_the_pages():
    words = " ".join(f"word{n}" for n in range(3000))
    content = drawn(Block("text", words))
    pages = pages_text(content)
    assert len(pages) == page_count(content) > 2
    text = " ".join(" ".join(pages).split())
    assert all(f"word{n} " in f"{text} " for n in (0, 999, 1999, 2999))
    assert tags(content) == ["P"] * len(pages)


def test_word_longer_than_a_line_is_broken():
    page = pages_text(drawn(Block("text", "x" * 400)))[0]
    assert page.count("x") == 400


def test_heading_is_not_left_alone_at_the_foot():
    for lines in range(56, 63):
        fill = [Block("soft", "line")] * lines
        content = drawn(*fill, Block("part", "Heading"), Block("text", "After it"))
        page = next(page for page in pages_text(content) if "Heading" in page)
        assert "After it" in page


def test_long_name_takes_two_lines_above_the_text():
    page = pages_text(drawn(Block("text", "Body"), top="Maria " * 60))[0]
    assert page.index("Maria") < page.index("Body")


@settings(max_examples=8)
@given(
    st.lists(
        st.builds(Block, st.sampled_from(sorted(STYLES)), st.text(max_size=300)),
        max_size=8,
    )
)
def test_any_text_can_be_drawn(blocks):
    content = drawn(*blocks)
    assert page_count(content) >= 1


@pytest.mark.parametrize("typed", ["{nb}", f"a{PAGES}b", "{nb}{nb} of {nb}"])
def test_number_of_pages_is_put_in_place_of_nobodys_words(typed):
    """The library would print “2” for a patient's “{nb}”."""
    words = " ".join(["word"] * 2000)
    pages = pages_text(drawn(Block("said", typed), Block("text", words)))
    assert typed.replace(PAGES, "") in pages[0]
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in " ".join(page.split())
