"""A library out to a file and back: nothing is lost, nothing is signed, faults are named."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import actions
from screening.domain.wordings import Level
from screening.engine.importing import import_wordings
from screening.language import exchange, incoming, wording
from screening.models import Wording, WordingSignOff
from tests.cast import NOW, Cast, make_cast
from tests.wordings import BAD, ENERGY, draft, propose, shipped, sign

ITEM = "phq-9/44254-1"
GOOD = {"item": ITEM, "language": "en", "level": "plain", "text": ENERGY}
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
lines = st.lists(
    st.fixed_dictionaries(dict.fromkeys(exchange.COLUMNS, cells)), min_size=1
)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def take_in(cast: Cast, content: str | bytes):
    raw = content.encode() if isinstance(content, str) else content
    return import_wordings(clinic=cast.clinic, content=raw, by=cast.alice, at=NOW)


@given(lines)
def test_json_lines_come_back_as_they_went_out(given):
    content = exchange.as_json_lines(given).encode()
    assert [line for _, line in exchange.lines_of(content)] == given


@given(lines)
def test_csv_comes_back_as_it_went_out(given):
    said = [line for line in given if any(cell.strip() for cell in line.values())]
    if not said:
        return
    content = exchange.as_csv(said).encode()
    assert [line for _, line in exchange.lines_of(content)] == said


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_a_sentence(content):
    try:
        read, sentence = incoming.read(content), ""
    except exchange.FileRefused as error:
        read, sentence = [], str(error)
    assert all(line.draft or line.reason for line in read)
    assert read or sentence[0].isupper()


@given(cells)
def test_spreadsheet_never_meets_a_formula(text):
    line = {**dict.fromkeys(exchange.COLUMNS, ""), "text": text}
    written = exchange.as_csv([line]).lstrip("\ufeff")
    (row,) = list(csv.DictReader(io.StringIO(written, newline="")))
    assert not row["text"].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("write", [exchange.as_csv, exchange.as_json_lines])
def test_export_holds_every_text_and_changes_nothing_when_it_comes_back(cast, write):
    propose(cast)
    propose(cast, BAD)
    sign(cast, shipped("sleep"))
    actions.veto(clinic=cast.clinic, draft=draft(), reason="No.", by=cast.liv, at=NOW)
    rows, signatures = Wording.objects.count(), WordingSignOff.objects.count()
    out = exchange.export(cast.clinic)
    shipped_texts = [text for one in ("en", "es") for text in wording.signable(one)]
    assert len(out) == len(shipped_texts) + 2
    report = take_in(cast, write(out))
    assert (report.proposed, report.refused) == ([], [])
    assert len(report.known) == len(out)
    assert (Wording.objects.count(), WordingSignOff.objects.count()) == (
        rows,
        signatures,
    )


def test_export_names_the_official_text_its_state_and_who_signed(cast: Cast):
    sign(cast, shipped())
    line = next(
        line
        for line in exchange.export(cast.clinic)
        if line["item"] == ITEM and line["level"] == "plain"
    )
    assert line["official"].startswith("Over the last 2 weeks")
    assert "little energy" in line["official"]
    assert line["state"] == "APPROVED"
    assert "CLINICIAN: Alice Moore" in line["signatures"]
    assert line["used_in"] == "phq-9, phq-8"


def test_new_text_is_proposed_and_signed_by_nobody(cast: Cast):
    line = {**GOOD, "state": "APPROVED", "signatures": "CLINICIAN: Alice Moore"}
    report = take_in(cast, json.dumps(line))
    assert report.proposed == [1]
    row = Wording.objects.get()
    assert (row.state, row.origin, row.level) == ("GATED", "IMPORTED", Level.PLAIN)
    assert not WordingSignOff.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"item": "phq-9/44260-8"}, "no question that may be put in other words"),
        ({"item": "asq/asq-1"}, "no question that may be put in other words"),
        ({"item": "nonsense"}, "Write it like phq-9/44250-9"),
        ({"language": "fr"}, "The language is en or es"),
        ({"level": "simple"}, "The level is plain or easy"),
        ({"level": "explanation"}, "Explanations come with the product"),
        ({"text": ""}, "empty"),
        ({"text": BAD}, "does not pass the checks: "),
        ({"official": "Another question"}, "not the one used here"),
        ({"text": 3}, "Write text as text"),
        ({"text": "How often? \ud83d"}, "half a character"),
        ({"item": "\udc00"}, "half a character"),
    ],
)
def test_line_that_cannot_be_used_is_refused_with_its_number(cast, changes, sentence):
    content = f"{json.dumps(GOOD)}\n\n{json.dumps({**GOOD, **changes})}\n"
    report = take_in(cast, content)
    assert report.proposed == [1]
    ((number, reason),) = report.refused
    assert number == 3
    assert sentence in reason


def test_vetoed_words_in_a_file_are_refused(cast: Cast):
    propose(cast)
    actions.veto(clinic=cast.clinic, draft=draft(), reason="No.", by=cast.liv, at=NOW)
    line = {**GOOD, "text": ENERGY.replace("tired or", "tired, or")}
    report = take_in(cast, json.dumps(line))
    assert report.refused == [(1, "This text was vetoed. It cannot be proposed again.")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "item, language, level, text is missing"),
        (b"item,language\n", "level, text is missing"),
        (b"item,language,level,text\n", "No wording stands in this file"),
        (b"\xff\xfe", "not UTF-8"),
        (b"item,language,level,text\na\x00b,en,plain,x", "not a text file"),
        (b'item,language,level,text\n"a,b', "cannot be read as CSV"),
        (b"{}\n" * 2001, "Split the file"),
    ],
)
def test_file_that_cannot_be_read_says_what_to_do(content, sentence):
    with pytest.raises(exchange.FileRefused, match=sentence):
        incoming.read(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{nonsense", "not JSON"),
        (b'{"text": "a"}\n[1]', "one JSON object"),
        (b"item,language,level,text\na,b", "2 cells instead of 4"),
    ],
)
def test_line_that_is_none_is_named(content, sentence):
    assert sentence in [line.reason for line in incoming.read(content)][-1]
