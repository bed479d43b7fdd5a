"""An answer leaves in the words that were read, also where its form has others."""

import copy

import pytest

from records.fhir.provenance import provenances
from records.presenters import Naming, TextChanged
from records.presenters.origins import origins
from records.presenters.sheets import finished_rows, read_sheets
from screening.actions.definitions import find, snapshot
from screening.models import Definition
from tests.records.fhir.judge import accept
from tests.records.rows import AT, add_answer, make_administration
from tests.records.test_presenters import BASE, written

NAMING = Naming(base=BASE)
READ = {
    "en": ("Little interest or pleasure in doing things", "Several days"),
    "es-US": ("Poco interés o placer en hacer cosas", "Varios días"),
}


def in_two(clinic, language, other):
    """A whole PHQ-9 whose first item was read in another language."""
    row = make_administration(clinic, [None, 0, 0, 0, 0, 0, 0, 0, 0], language=language)
    read = snapshot(find("phq-9", other), at=AT)
    add_answer(row, "/44250-9", 1, asked_as=read)
    add_answer(row, "/44255-8", 1, asked_as=read)
    return row


@pytest.mark.parametrize(("language", "other"), [("en", "es-US"), ("es-US", "en")])
def test_item_leaves_as_it_was_read_beside_the_words_of_its_form(
    clinic, language, other
):
    response, made = written(in_two(clinic, language, other))
    first, third = response["item"][0], response["item"][2]
    assert response["language"] == language
    assert first["text"] == READ[other][0]
    (translation,) = first["_text"]["extension"]
    lang, content = translation["extension"]
    assert (lang["valueCode"], content["valueString"]) == (language, READ[language][0])
    coding = first["answer"][0]["valueCoding"]
    assert coding["code"] == "LA6569-3"
    if other == "en":
        assert coding["display"] == READ[other][1]
    else:
        (said,) = coding["_display"]["extension"]
        lang, content = said["extension"]
        assert (lang["valueCode"], content["valueString"]) == (other, READ[other][1])
    assert "_text" not in third
    assert made["1"]["language"] == other
    assert made["1"]["code"]["text"] == READ[other][0]
    assert made["1"]["valueCodeableConcept"]["text"] == READ[other][1]
    assert made["3"]["language"] == language


def test_provenance_names_the_form_that_was_read(clinic):
    in_two(clinic, "es-US", "en")
    sheets = read_sheets(clinic, finished_rows(clinic), NAMING)
    (origin,) = origins(clinic, sheets, NAMING, "us")
    of_response, of_results = provenances(origin)
    accept(of_response)
    (entity,) = of_response["entity"]
    version = find("phq-9", "en").version
    assert entity["role"] == "source"
    assert entity["what"] == {
        "reference": f"Questionnaire/phq-9-{version}",
        "type": "Questionnaire",
        "display": "Read in en at item 1, 2",
    }
    assert [one["role"] for one in of_results["entity"]] == ["source"]


def test_words_that_were_read_are_under_the_lock_too(clinic):
    row = make_administration(clinic, [None, *[0] * 8], language="es-US")
    content = copy.deepcopy(snapshot(find("phq-9", "en"), at=AT).content)
    content["text"]["items"][0]["text"] = "Lots of interest"
    changed = Definition.objects.create(
        instrument_id="phq-9",
        version="2025.9",
        language="en",
        checksum=find("phq-9", "en").checksum,
        content=content,
        created_at=AT,
    )
    add_answer(row, "/44250-9", 1, asked_as=changed)
    with pytest.raises(TextChanged):
        read_sheets(clinic, finished_rows(clinic), NAMING)
