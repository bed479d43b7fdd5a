"""Every way in which a definition file is refused: file, place and reason."""

import json
from pathlib import Path

import pytest

from screening.definitions import problems
from screening.definitions.loading import load_all
from screening.domain.reading import DefinitionError

FIXTURES = Path(__file__).parent / "fixtures"
REFUSED = sorted((FIXTURES / "refused").glob("*.json"))
PHQ2 = "instruments/phq-2/en.json"
PHQ2_SCORING = "instruments/phq-2/instrument.json"
LINES = "rules/crisis_lines.json"
LINE = ("countries", 0, "lines", 0)
CONTACT = (*LINE, "contacts", 0)
AT = "countries[0].lines[0]"


def found(root):
    return [(each.file, each.place, each.reason) for each in problems(root)]


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_problems_names_file_place_and_reason(tree, path):
    data = json.loads(path.read_text(encoding="utf-8"))
    folder = f"instruments/{data['instrument'].get('id')}"
    tree.write(f"{folder}/instrument.json", data["instrument"])
    tree.write(f"{folder}/en.json", data["text"])
    refused = data["refused"]
    expected = (f"{folder}/{refused['file']}", refused["place"], refused["reason"])
    assert found(tree.root) == [expected]


@pytest.mark.parametrize("name", ["good", "good_triage"])
def test_good_fixture_is_not_refused(tree, name):
    data = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    folder = f"instruments/{data['instrument']['id']}"
    # No shipped rule watches the fixtures' items.
    for item in data["instrument"]["items"]:
        item["safety"] = False
    tree.write(f"{folder}/instrument.json", data["instrument"])
    tree.write(f"{folder}/en.json", data["text"])
    assert found(tree.root) == []


def test_a_safety_item_without_a_rule_is_refused(tree):
    data = json.loads((FIXTURES / "good.json").read_text(encoding="utf-8"))
    tree.write("instruments/tiny/instrument.json", data["instrument"])
    tree.write("instruments/tiny/en.json", data["text"])
    reason = "nothing flags safety item c of tiny"
    assert found(tree.root) == [("rules/flags.json", "rules", reason)]


def test_the_copied_tree_is_safe(tree):
    assert found(tree.root) == []


@pytest.mark.parametrize(
    ("name", "text", "place", "reason"),
    [
        (PHQ2, "{", "line 1", "Expecting property name enclosed in double quotes"),
        (PHQ2, '{"id": "phq-2",\n "id": "phq-9"}', "id", "this key is there twice"),
        (PHQ2, "[]", "top", "must be an object"),
        (PHQ2_SCORING, "[]", "top", "must be an object"),
        ("rules/exit.json", "7", "top", "must be an object"),
    ],
)
def test_unreadable_json_is_refused(tree, name, text, place, reason):
    tree.write(name, text)
    assert (name, place, reason) in found(tree.root)


def test_other_encodings_are_refused(tree):
    tree.path(PHQ2).write_bytes("cansancio y energía".encode("latin-1"))
    assert (PHQ2, "top", "is not UTF-8") in found(tree.root)


@pytest.mark.parametrize(
    "name",
    [PHQ2_SCORING, "rules/flags.json", "rules/due.json", "rules/exit.json", LINES],
)
def test_a_missing_file_is_refused(tree, name):
    tree.path(name).unlink()
    assert (name, "top", "there is no such file") in found(tree.root)


def test_an_instrument_without_text_is_refused(tree):
    tree.path(PHQ2).unlink()
    reason = "has no text in any language"
    assert ("instruments/phq-2", "top", reason) in found(tree.root)


def test_a_missing_folder_is_refused(tmp_path):
    assert ("instruments", "top", "there is no such folder") in found(tmp_path)


def test_a_wrong_folder_or_file_name_is_refused(tree):
    tree.path("instruments/phq-2").rename(tree.path("instruments/phq-3"))
    name = "instruments/phq-3/en.json"
    assert (name, "id", "stands in the folder phq-3") in found(tree.root)


def test_a_text_in_the_wrong_language_file_is_refused(tree):
    tree.path(PHQ2).rename(tree.path("instruments/phq-2/fr.json"))
    reason = "stands in the file fr.json"
    assert ("instruments/phq-2/fr.json", "language", reason) in found(tree.root)


def test_load_all_stops_at_an_unsafe_file(tree):
    tree.change(PHQ2, ("title",), "PHQ-2, improved")
    with pytest.raises(
        DefinitionError, match="phq-2/en.json: checksum: the text gives"
    ):
        load_all(tree.root)


def test_problems_finds_more_than_the_first(tree):
    tree.change(PHQ2, ("title",), "")
    tree.change("rules/due.json", ("tiers", "HIGH", "minutes"), 0)
    tree.change("rules/exit.json", ("url",), "http://weather.com/")
    files = {file for file, *_ in found(tree.root)}
    assert {PHQ2, "rules/due.json", "rules/exit.json"} <= files


@pytest.mark.parametrize(
    ("name", "path", "value", "place", "reason"),
    [
        ("rules/flags.json", ("rules", 0, "tier"), "LOW", "rules[0].tier", None),
        ("rules/rest.json", ("warning",), 19, "warning", "must be at least 20"),
        ("rules/rest.json", ("idle",), 120, "idle", "must be longer than the warning"),
        (
            "rules/rest.json",
            ("session",),
            1799,
            "session",
            "must not be shorter than the page's rest",
        ),
        ("rules/exit.json", ("url",), "weather.com", "url", "must be an https address"),
        ("rules/exit.json", ("extra",), 1, "extra", "unknown key"),
        (LINES, ("extra",), 1, "extra", "unknown key"),
        (LINES, ("review_state",), "fine", "review_state", None),
        (LINES, ("about",), "", "about", "must be text that is not empty"),
        (LINES, ("as_of",), None, "as_of", "must be text that is not empty"),
        (LINES, ("countries", 0, "phone"), "1", "countries[0].phone", "unknown key"),
        (LINES, ("countries", 0, "source"), "", "countries[0].source", None),
        (LINES, ("countries", 0, "emergency"), "", "countries[0].emergency", None),
        (
            LINES,
            ("countries", 1, "country"),
            "US",
            "countries[1].country",
            "this country is there twice",
        ),
        (LINES, (*LINE, "notes"), "Day", f"{AT}.notes", "must be an object"),
        (
            LINES,
            (*LINE, "call_menu"),
            {"en": "Press 1."},
            f"{AT}.call_menu.es-US",
            "missing; write null if there is none",
        ),
        (
            LINES,
            ("countries", 0, "lines", 1, "call_menu"),
            {"en": "Press 1.", "es-US": "Oprima 1."},
            "countries[0].lines[1].call_menu",
            "belongs to a line that can be called",
        ),
        (
            LINES,
            (*CONTACT, "keyword"),
            "HOME",
            f"{AT}.contacts[0].keyword",
            "is one word, to send in a text message",
        ),
        (
            LINES,
            (*CONTACT, "value"),
            "HOME to 741741",
            f"{AT}.contacts[0].value",
            "must be a number, without words",
        ),
        (
            LINES,
            (*CONTACT, "kind"),
            "fax",
            "countries[0].lines[0].contacts[0].kind",
            "is not one of: call, text, chat",
        ),
        (
            LINES,
            (*CONTACT, "status"),
            "perhaps",
            "countries[0].lines[0].contacts[0].status",
            "is not one of: verified, not verified",
        ),
        (
            LINES,
            (*CONTACT, "status"),
            "not verified",
            "countries[0].lines[0].contacts[0].why_not",
            "belongs to what is not verified, only there",
        ),
        (
            LINES,
            (*CONTACT, "key"),
            "US:988:text",
            "countries[0].lines",
            "duplicate key US:988:text",
        ),
    ],
)
def test_rules_and_lines_are_refused(tree, name, path, value, place, reason):
    tree.change(name, path, value)
    ((file, at, why),) = found(tree.root)
    assert (file, at) == (name, place)
    assert reason in (None, why)


@pytest.mark.parametrize(
    ("path", "value", "place", "reason"),
    [
        (("extra",), 1, "extra", "unknown key"),
        (("language",), "fr", "language", "must be en, as the file's name says"),
        (("id",), "page", "id", "must be pages, as the file's name says"),
        (("review_state",), "fine", "review_state", None),
        (("sources",), [], "sources", "needs at least one source"),
        (("pages", "start"), "Start", "pages.start", "must be an object"),
        (("pages", "start", "title"), " ", "pages.start.title", None),
        (("pages", "start", "points"), ["", "b"], "pages.start.points", None),
    ],
)
def test_page_texts_are_refused(tree, page_file, path, value, place, reason):
    tree.write("pages/en.json", page_file())
    tree.change("pages/en.json", path, value)
    ((file, at, why),) = found(tree.root)
    assert (file, at) == ("pages/en.json", place)
    assert reason in (None, why)


def test_page_texts_must_say_the_same_in_every_language(tree, page_file):
    english = {"start": {"title": "Start", "action": "Go"}}
    tree.write("pages/en.json", page_file(**english))
    tree.write("pages/es-US.json", page_file("es-US", start={"title": "Inicio"}))
    reason = "another language has it"
    assert found(tree.root) == [("pages/es-US.json", "pages.start.action", reason)]
