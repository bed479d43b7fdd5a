"""The languages of patients' pages: one list, and everything that each of them needs."""

import pytest

from screening import definitions
from screening.definitions.files import ROOT
from screening.definitions.languages import languages
from screening.domain.reading import DefinitionError
from tools import messages

LIST = "rules/languages.json"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        *(("en", "en"), ("en-GB", "en"), ("es", "es-US"), ("es-mx", "es-US")),
        *(("ES-us", "es-US"), ("fr", "en"), ("", "en"), (None, "en"), ("e", "en")),
    ],
)
def test_best_language_for_whoever_asks(wanted, found):
    assert definitions.best(wanted) == found


def test_each_language_is_whole():
    """Page texts, a catalogue, and the default questionnaires: see docs/languages.md."""
    assert definitions.languages()[0].code == "en"
    for code in definitions.codes():
        assert definitions.pages(code)
        for instrument in ("phq-9", "gad-7"):
            assert definitions.get(instrument, code).language == code
    texts = {path.stem for path in (ROOT / "pages").glob("*.json")}
    assert texts == set(definitions.codes())
    assert {path.name for path in (messages.ROOT / "locale").iterdir()} == {
        code.replace("-", "_") for code in definitions.codes()[1:]
    }


@pytest.mark.parametrize("listed", [[], ["en", "EN"]])
def test_list_that_names_none_or_one_twice_is_refused(tree, listed):
    rows = [{"code": one, "name": "x", "english_name": "x"} for one in listed]
    tree.change(LIST, ("languages",), rows)
    with pytest.raises(DefinitionError, match="needs each language once"):
        languages(tree.root)
    assert [each.file for each in definitions.problems(tree.root)] == [LIST]
